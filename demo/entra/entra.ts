import { type Listening, listen } from '../web/index.ts';
import { makePeople, type Person, type PersonKey } from './people.ts';
import { serve } from './server.ts';
import type { AccessToken, Choice, Client, EntraRequest, State } from './state.ts';
import { Switches } from './switches.ts';

/** The app registration of the home tenant. */
export const CLIENT: Client = {
  id: 'cccccccc-0000-4000-8000-00000000000c',
  secret: 'stand-in-client-secret',
  name: 'Halo',
};

/** Another app registration, for the people of other organisations. */
export const PARTNERS: Client = {
  id: 'cccccccc-0000-4000-8000-0000000000cc',
  secret: 'stand-in-secret-for-partners',
  name: 'Halo for partners',
};

export interface EntraOptions {
  /** Default: the system chooses. */
  readonly port?: number;
  /** Default: copies of `CLIENT` and `PARTNERS`. */
  readonly clients?: readonly Client[];
  /** Whether a `login_hint` that names a person signs that person in without asking. Default false. */
  readonly autoSelect?: boolean;
  /** The clock, in milliseconds since the epoch. */
  readonly now?: () => number;
}

/** A running stand-in for Microsoft Entra ID. */
export interface Entra extends Listening {
  /** What goes wrong, switched at run time. */
  readonly faults: Switches;
  /** What was received, oldest first. */
  readonly requests: EntraRequest[];
  /** The persons; changes count at once, for the next refresh too. */
  readonly people: Record<PersonKey, Person>;
  /** The app registrations; their redirect URIs may be changed. */
  readonly clients: readonly Client[];
  /** Who is chosen where a person would be asked: one a page, in this order. */
  choose(...choices: Choice[]): void;
  /** Ends the refresh tokens that a person has, as an administrator can. */
  revoke(person: PersonKey): void;
  /** What an access token was given for, as the resource sees it; undefined where it was never given out. */
  accessToken(text: string): AccessToken | undefined;
  /** The requests that one endpoint received. */
  requestsTo(endpoint: EntraRequest['endpoint']): EntraRequest[];
}

/** Starts a stand-in on 127.0.0.1. @throws when the port is taken. */
export async function startEntra(options: EntraOptions = {}): Promise<Entra> {
  const now = options.now ?? Date.now;
  const state: State = {
    url: '',
    autoSelect: options.autoSelect ?? false,
    people: makePeople(),
    clients: (options.clients ?? [CLIENT, PARTNERS]).map(client => ({ ...client })),
    switches: new Switches(),
    requests: [],
    choices: [],
    signOns: new Map(),
    codes: new Map(),
    redeemed: new Set(),
    assertions: new Set(),
    refreshTokens: new Map(),
    revoked: new Set(),
    accessTokens: new Map(),
    now: () => Math.floor(now() / 1000),
  };
  const listening = await listen(serve(state), options.port ?? 0);
  state.url = listening.url;
  return {
    ...listening,
    faults: state.switches,
    requests: state.requests,
    people: state.people,
    clients: state.clients,
    choose: (...choices) => {
      state.choices.push(...choices);
    },
    revoke: person => {
      for (const [refreshToken, grant] of state.refreshTokens) {
        if (grant.signOn.person === person) state.revoked.add(refreshToken);
      }
    },
    accessToken: text => state.accessTokens.get(text),
    requestsTo: endpoint => state.requests.filter(request => request.endpoint === endpoint),
  };
}
