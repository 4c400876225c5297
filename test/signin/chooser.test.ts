import t from 'tap';
import { connectionTo } from '../../demo/connection.ts';
import { CLIENT, HOME, PARTNERS } from '../../demo/entra/index.ts';
import { type Browser, locationOf } from '../support/browser.ts';
import { tagsOf, textOf } from '../support/markup.ts';
import { formOf, linksOf } from '../support/ways.ts';
import { AGENTS, CUSTOMERS, SUPPORT, startWorld } from '../support/world.ts';

const START = `${AGENTS}/.halogate/sign-in`;
/** The field of an address that is at home nowhere. */
const UNKNOWN = /aria-invalid="true"/;

/** Two app registrations of one tenant, each with domains of its own. */
function twoConnections(authority: string, rest: Readonly<Record<string, unknown>> = {}) {
  const staff = { ...connectionTo(authority), name: 'staff', domains: ['example.com', 'both.example'], ...rest };
  const people = { name: 'people', clientId: PARTNERS.id, credential: { secret: PARTNERS.secret } };
  return [staff, { ...staff, domains: ['partner.example', 'both.example'], ...people }];
}

const start = (parameters: Readonly<Record<string, string>>) => `${START}?${new URLSearchParams(parameters)}`;
const clientOf = (address: string) => new URL(address).searchParams.get('client_id');

t.test('a person chooses where there is a choice, and nothing asked for is lost on the way', async t => {
  const { browser } = await startWorld(t, { connections: twoConnections });
  const asked = {
    return: '/ticket?id=1&x=%20y',
    portal: 'agents',
    switch: '1',
    again: '1',
    login_hint: 'a@nowhere.example',
  };
  const page = await browser().ask(start(asked));
  t.equal(page.status, 200);
  const links = linksOf(page.body);
  t.same(
    links.map(link => new URL(link, AGENTS).searchParams.get('connection')),
    ['staff', 'people'],
  );
  for (const link of links) {
    const { connection: _, ...others } = Object.fromEntries(new URL(link, AGENTS).searchParams);
    t.same(others, asked);
  }
  const { action, fields } = formOf(page.body);
  t.equal(action, '/.halogate/sign-in');
  t.same(fields, { ...asked, form: '1' });
});

t.test('each choice leads to the provider with its own app registration', async t => {
  const { browser } = await startWorld(t, { connections: twoConnections });
  const person = browser();
  const [staff = '', people = ''] = linksOf((await person.go(`${AGENTS}/ticket`)).body);
  t.equal(clientOf(locationOf(await person.ask(AGENTS + staff))), CLIENT.id);
  t.equal(clientOf(locationOf(await person.ask(AGENTS + people))), PARTNERS.id);
});

t.test('an address at home in one connection goes there at once, and along', async t => {
  const { browser } = await startWorld(t, { connections: twoConnections });
  for (const [hint, client] of [
    ['agnes@example.com', CLIENT.id],
    ['PETRA@Partner.EXAMPLE', PARTNERS.id],
  ] as const) {
    const answer = await browser().ask(start({ return: '/ticket', login_hint: hint }));
    t.equal(answer.status, 302);
    t.match([clientOf(locationOf(answer)), new URL(locationOf(answer)).searchParams.get('login_hint')], [client, hint]);
  }
});

t.test('an address that is at home nowhere comes back with words, and can be corrected', async t => {
  const { browser } = await startWorld(t, { connections: twoConnections });
  const person = browser();
  const hint = 'a"<b>&@nowhere.example';
  const page = await person.ask(start({ return: '/ticket', login_hint: hint }));
  t.equal(page.status, 200);
  t.match(page.body, UNKNOWN);
  t.equal(formOf(page.body).fields.login_hint, hint);
  t.equal(linksOf(page.body).length, 2, 'the choice is still there');

  const { action, fields } = formOf(page.body);
  const sent = new URLSearchParams({ ...fields, login_hint: ' agnes@example.com ' });
  const moved = await person.ask(`${AGENTS}${action}?${sent}`, { headers: { 'sec-fetch-site': 'same-origin' } });
  t.equal(moved.status, 200, 'no redirect: the form of a page may not lead off the host');
  t.equal(moved.headers.location, undefined);
  const refresh = tagsOf(moved.body).find(({ attributes }) => attributes['http-equiv'] === 'refresh');
  const [link = ''] = linksOf(moved.body);
  t.equal(refresh?.attributes.content, `0; url=${link}`);
  const next = new URL(locationOf(await person.ask(AGENTS + link)));
  t.equal(next.searchParams.get('client_id'), CLIENT.id);
  t.equal(next.searchParams.get('login_hint'), 'agnes@example.com');
});

t.test('an address that two connections claim leaves those to choose from', async t => {
  const { browser } = await startWorld(t, {
    connections: authority => [
      ...twoConnections(authority),
      { ...connectionTo(authority), name: 'third', domains: ['third.example'] },
    ],
  });
  const page = await browser().ask(start({ login_hint: 'a@both.example' }));
  const names = linksOf(page.body).map(link => new URL(link, AGENTS).searchParams.get('connection'));
  t.same(names, ['staff', 'people']);
  t.notMatch(page.body, UNKNOWN);
});

t.test('without domains nobody is asked for an address', async t => {
  const { browser } = await startWorld(t, {
    connections: authority => twoConnections(authority).map(({ domains: _, ...connection }) => connection),
  });
  for (const parameters of [{}, { login_hint: 'agnes@example.com' }]) {
    const page = await browser().ask(start({ ...parameters }));
    t.equal(page.status, 200);
    t.notMatch(page.body, '<form');
    t.notMatch(page.body, UNKNOWN);
  }
});

t.test('an empty address, and one that is too long, ask again without more ado', async t => {
  const { browser } = await startWorld(t, { connections: twoConnections });
  for (const hint of ['', '   ', `${'a'.repeat(320)}@example.com`]) {
    const page = await browser().ask(start({ login_hint: hint, form: '1' }));
    t.equal(page.status, 200);
    t.notMatch(page.body, UNKNOWN);
    t.equal(formOf(page.body).fields.login_hint, '');
  }
});

t.test('what this browser used last comes first and still asks', async t => {
  const { entra, browser } = await startWorld(t, { connections: twoConnections });
  const person = browser();
  const order = async (of: Browser) =>
    linksOf((await of.ask(start({ return: '/ticket' }))).body).map(link =>
      new URL(link, AGENTS).searchParams.get('connection'),
    );
  t.same(await order(person), ['staff', 'people']);
  entra.choose('agnes');
  await person.go(start({ return: '/ticket', connection: 'people' }));
  const headers = { origin: AGENTS, 'sec-fetch-site': 'same-origin' };
  await person.ask(`${AGENTS}/.halogate/sign-out`, { method: 'POST', headers });

  t.same(await order(person), ['people', 'staff']);
  t.match(textOf((await person.ask(START)).body), 'Continue with people Used last time');
  t.same(await order(browser()), ['staff', 'people'], 'another browser knows nothing of it');

  const damaged = browser();
  damaged.plant(AGENTS, '__Host-halogate-last', `${person.cookies(AGENTS)['__Host-halogate-last']?.slice(0, -4)}AAAA`);
  t.same(await order(damaged), ['staff', 'people'], 'nor does a damaged cookie');
});

t.test('what cannot serve is not offered, and cannot be asked for by name or address', async t => {
  const { browser } = await startWorld(t, {
    connections: authority => {
      const [staff = {}, people = {}] = twoConnections(authority);
      return [
        staff,
        people,
        { ...staff, name: 'hidden', published: false, domains: ['hidden.example'] },
        { ...staff, name: 'users', allow: 'users', agents: undefined, domains: ['users.example'] },
        {
          ...staff,
          name: 'elsewhere',
          allow: 'users',
          agents: undefined,
          portals: ['support'],
          domains: ['elsewhere.example'],
        },
      ];
    },
  });
  const offered = async (address: string) =>
    linksOf((await browser().go(address)).body).map(link => new URL(link, AGENTS).searchParams.get('connection'));
  t.same(await offered(`${AGENTS}/ticket`), ['staff', 'people']);
  t.same(await offered(`${CUSTOMERS}/home`), ['staff', 'people', 'users']);
  t.same(await offered(SUPPORT), ['staff', 'people', 'users', 'elsewhere']);
  for (const name of ['hidden', 'users', 'elsewhere', 'nobody', '', 'Staff', '__proto__']) {
    const page = await browser().ask(start({ return: '/ticket', connection: name }));
    t.match([page.status, page.body], [404, /NO_CONNECTION/], name);
    t.same(linksOf(page.body), ['/'], 'the way to the start page');
  }
  for (const domain of ['hidden.example', 'users.example', 'elsewhere.example']) {
    const page = await browser().ask(start({ return: '/ticket', login_hint: `a@${domain}` }));
    t.match(page.body, UNKNOWN, domain);
  }
});

t.test('pages of somebody who is lost lead to the start page', async t => {
  const { browser } = await startWorld(t, { connections: twoConnections });
  for (const [address, status, code, link] of [
    [`${AGENTS}/.halogate/nowhere`, 404, 'NOT_FOUND', '/'],
    [`${START}?portal=nowhere`, 404, 'NOT_FOUND', '/'],
    [`${START}?portal=customers&connection=nobody`, 404, 'NO_CONNECTION', '/portal'],
    [`${AGENTS}/portal/x%2fy`, 400, 'BAD_TARGET', '/'],
    [`${new URL(SUPPORT).origin}/x%00`, 400, 'BAD_TARGET', '/portal'],
  ] as const) {
    const page = await browser().ask(address);
    t.match([page.status, textOf(page.body)], [status, code], address);
    t.same(linksOf(page.body), [link], address);
  }
});

t.test('a link from another site shows the choice to nobody who is at work', async t => {
  const { entra, browser } = await startWorld(t, { connections: twoConnections });
  const person = browser();
  entra.choose('agnes');
  await person.go(start({ return: '/ticket', connection: 'staff' }));
  const headers = { 'sec-fetch-site': 'cross-site' };
  for (const more of [{}, { login_hint: 'a@partner.example' }, { login_hint: 'a@partner.example', form: '1' }]) {
    const page = await person.ask(start({ return: '/ticket', ...more }), { headers });
    t.match([page.status, textOf(page.body)], [200, 'You are already signed in']);
    t.equal(linksOf(page.body)[0], '/ticket');
  }
  t.equal((await person.ask(`${AGENTS}/ticket`)).status, 200);
});

t.test('with one connection an address changes nothing but the hint', async t => {
  const { browser } = await startWorld(t, { connection: { domains: ['example.com'] } });
  const next = new URL(locationOf(await browser().ask(start({ login_hint: 'a@nowhere.example' }))));
  t.match(
    [next.pathname, next.searchParams.get('login_hint')],
    [`/${HOME.id}/oauth2/v2.0/authorize`, 'a@nowhere.example'],
  );
});

t.test('who was turned away with an account of another organisation chooses anew', async t => {
  const { entra, browser } = await startWorld(t, { connections: twoConnections });
  const person = browser();
  entra.choose('otto');
  const page = await person.go(start({ return: '/ticket', connection: 'staff' }));
  t.match([page.status, page.body], [403, /ACCOUNT_NOT_IN_ORGANISATION/]);
  const [another = ''] = linksOf(page.body);
  t.same(Object.fromEntries(new URL(another, AGENTS).searchParams), {
    return: '/ticket',
    portal: 'agents',
    switch: '1',
  });
  t.equal(linksOf((await person.ask(AGENTS + another)).body).length, 2);
});
