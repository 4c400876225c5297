/** A tenant of the stand-in. */
export interface Tenant {
  readonly id: string;
  readonly domain: string;
  readonly name: string;
}

/** The organisation whose Halo the demo protects. */
export const HOME: Tenant = {
  id: 'aaaaaaaa-0000-4000-8000-00000000000a',
  domain: 'example.com',
  name: 'Example',
};

/** Another organisation, where Otto and Gina are at home. */
export const ELSEWHERE: Tenant = {
  id: 'bbbbbbbb-0000-4000-8000-00000000000b',
  domain: 'elsewhere.example',
  name: 'Elsewhere',
};

/** A partner, whose people may use the portal. */
export const PARTNER: Tenant = {
  id: 'eeeeeeee-0000-4000-8000-00000000000e',
  domain: 'partner.example',
  name: 'Partner',
};

export const TENANTS: readonly Tenant[] = [HOME, ELSEWHERE, PARTNER];

/** The tenant of Microsoft's consumer accounts. */
export const CONSUMER_TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';

const CONSUMERS: Tenant = { id: CONSUMER_TENANT, domain: 'outlook.example', name: 'Consumers' };

/** The group of the agents. */
export const G1 = '11111111-0000-4000-8000-000000000001';

/** More groups than a token holds. */
const MANY = Array.from({ length: 250 }, (_, at) => `22222222-0000-4000-8000-${String(at).padStart(12, '0')}`);

/** The app role of the agents. Whoever administers a tenant can hand it out there. */
export const AGENT_ROLE = 'Helpdesk.Agent';

/** Somebody who can sign in. Tests may change a person of a running stand-in, for example the groups or `disabled`. */
export interface Person {
  name: string;
  username: string;
  email: string;
  /** The domain of the address is proven to be the home tenant's: the claim `xms_edov`. */
  emailDomainVerified: boolean;
  /** The tenant where the account lives. */
  home: string;
  /** The object id in each tenant that knows the person: the home tenant, and those where they are a guest. */
  oids: Record<string, string>;
  groups: string[];
  roles: string[];
  disabled: boolean;
  /** A line for the page on which a person is chosen. */
  about: string;
}

export type PersonKey = 'agnes' | 'ulrich' | 'gina' | 'otto' | 'dora' | 'petra' | 'connie' | 'mona';

/** Fresh copies of the persons, so that no stand-in shares them with another. */
export function makePeople(): Record<PersonKey, Person> {
  return {
    agnes: person('Agnes Agent', HOME, '0a', { groups: [G1], about: 'Agent, member of the group of the agents' }),
    ulrich: person('Ulrich User', HOME, '0b', { about: 'User, in no group' }),
    gina: person('Gina Guest', ELSEWHERE, '0c', {
      oids: { [HOME.id]: oid('1c'), [ELSEWHERE.id]: oid('0c') },
      about: `Guest in ${HOME.name}, at home in ${ELSEWHERE.name}`,
    }),
    otto: person('Otto Other', ELSEWHERE, '0d', { about: `Of ${ELSEWHERE.name}, unknown to ${HOME.name}` }),
    dora: person('Dora Disabled', HOME, '0e', { disabled: true, about: 'Her account is disabled' }),
    connie: person('Connie Consumer', CONSUMERS, '10', { about: 'A private Microsoft account, of no organisation' }),
    petra: person('Petra Partner', PARTNER, '0f', {
      roles: [AGENT_ROLE],
      about: `Administers ${PARTNER.name}, where she has made herself an agent`,
    }),
    mona: person('Mona Many', HOME, '11', { groups: [...MANY, G1], about: 'Agent, in more groups than a token holds' }),
  };
}

function person(name: string, home: Tenant, number: string, rest: Partial<Person> & { about: string }): Person {
  const username = `${(name.split(' ')[0] ?? '').toLowerCase()}@${home.domain}`;
  return {
    name,
    username,
    email: username,
    emailDomainVerified: true,
    home: home.id,
    oids: { [home.id]: oid(number) },
    groups: [],
    roles: [],
    disabled: false,
    ...rest,
  };
}

function oid(number: string): string {
  return `dddddddd-0000-4000-8000-0000000000${number}`;
}
