import t from 'tap';
import { connectionTo } from '../../demo/connection.ts';
import { PARTNERS } from '../../demo/entra/index.ts';
import { locationOf } from '../support/browser.ts';
import { linksOf } from '../support/ways.ts';
import { AGENTS, CUSTOMERS, SUPPORT, startWorld } from '../support/world.ts';

const DEEP_LINK = '/ticket?id=42&x=%20y';
const promptOf = (address: string) => new URL(address).searchParams.get('prompt');

for (const when of ['at the end of the sign-in', 'at a later request']) {
  t.test(`who may not enter is led on, ${when}`, async t => {
    const { entra, halo, browser } = await startWorld(t);
    const person = browser();
    entra.choose('ulrich');
    const first = await person.go(AGENTS + DEEP_LINK);
    const page = when === 'at a later request' ? await person.go(AGENTS + DEEP_LINK) : first;
    t.match([page.status, page.body], [403, /NOT_ADMITTED/]);
    const [here = '', elsewhere = '', another = '', out = '', ...more] = linksOf(page.body);
    t.same([here, elsewhere, out, more], ['/portal', SUPPORT, '/.halogate/sign-out', []]);
    t.equal((await person.ask(AGENTS + here)).status, 200, 'the portal of this host is open');

    entra.choose('agnes');
    const start = await person.ask(AGENTS + another, { headers: { 'sec-fetch-site': 'same-origin' } });
    t.equal(promptOf(locationOf(start)), 'select_account');
    const arrived = await person.go(locationOf(start));
    t.match(
      [arrived.status, arrived.url.href],
      [200, AGENTS + DEEP_LINK],
      'another account arrives where the first was going',
    );
    t.equal(halo.received.at(-1)?.header('x-forwarded-user'), 'agnes@example.com');
  });
}

t.test('the link to another host starts a sign-in there, which asks nothing anew', async t => {
  const { entra, browser } = await startWorld(t);
  const person = browser();
  entra.choose('ulrich');
  const page = await person.go(`${AGENTS}/ticket`);
  const [, elsewhere = ''] = linksOf(page.body);
  const arrived = await person.go(elsewhere, { headers: { 'sec-fetch-site': 'cross-site' } });
  t.match([arrived.status, arrived.url.href], [200, SUPPORT]);
});

t.test('where sign-in is not forced on another host, the link asks for it', async t => {
  const portals = [
    { name: 'agents', kind: 'agent', url: AGENTS },
    { name: 'open', kind: 'user', url: SUPPORT, anonymous: true },
  ];
  const { entra, halo, browser } = await startWorld(t, { settings: { portals } });
  const person = browser();
  entra.choose('ulrich');
  const [elsewhere = ''] = linksOf((await person.go(`${AGENTS}/ticket`)).body);
  const arrived = await person.go(elsewhere, { headers: { 'sec-fetch-site': 'cross-site' } });
  t.match([arrived.status, arrived.url.href], [200, SUPPORT]);
  t.equal(halo.received.at(-1)?.header('x-forwarded-user'), 'ulrich@example.com');
});

t.test('a portal that the person may not enter either is not offered', async t => {
  const { entra, browser } = await startWorld(t, {
    connections: authority => {
      const staff = connectionTo(authority);
      const others = { clientId: PARTNERS.id, credential: { secret: PARTNERS.secret }, agents: undefined };
      return [
        { ...staff, users: { groups: ['22222222-0000-4000-8000-000000000002'] }, portals: ['agents', 'customers'] },
        { ...staff, ...others, name: 'others', allow: 'users', portals: ['support'] },
      ];
    },
  });
  const person = browser();
  entra.choose('ulrich');
  const page = await person.go(`${AGENTS}/ticket`);
  t.equal(page.status, 403);
  const links = linksOf(page.body).map(link => link.replace(/\?.*/, ''));
  t.same(links, ['/.halogate/sign-in', '/.halogate/sign-out']);
});

t.test('with several connections another account is chosen together with its connection', async t => {
  const { entra, browser } = await startWorld(t, {
    connections: authority => {
      const staff = connectionTo(authority);
      return [staff, { ...staff, name: 'people', clientId: PARTNERS.id, credential: { secret: PARTNERS.secret } }];
    },
  });
  const person = browser();
  entra.choose('ulrich');
  const page = await person.go(`${AGENTS}/.halogate/sign-in?connection=people&return=${encodeURIComponent(DEEP_LINK)}`);
  t.equal(page.status, 403);
  const another = linksOf(page.body).find(link => link.startsWith('/.halogate/sign-in')) ?? '';
  const headers = { 'sec-fetch-site': 'same-origin' };
  const choices = linksOf((await person.ask(AGENTS + another, { headers })).body);
  t.same(
    choices.map(link => new URL(link, AGENTS).searchParams.get('connection')),
    ['people', 'default'],
  );
  entra.choose('agnes');
  const start = await person.ask(AGENTS + (choices[1] ?? ''), { headers });
  t.equal(promptOf(locationOf(start)), 'select_account');
  t.equal((await person.go(locationOf(start))).url.href, AGENTS + DEEP_LINK);
});

t.test('nobody is led back to a form that was sent', async t => {
  const { entra, browser } = await startWorld(t);
  const person = browser();
  entra.choose('ulrich');
  await person.go(`${CUSTOMERS}/home`);
  const page = await person.ask(`${AGENTS}/ticket?id=1`, { method: 'POST', form: { a: 'b' } });
  t.equal(page.status, 403);
  const another = linksOf(page.body).find(link => link.startsWith('/.halogate/sign-in')) ?? '';
  t.equal(new URL(another, AGENTS).searchParams.get('return'), '/');
});

t.test('a program is told the same in a problem document', async t => {
  const { entra, browser } = await startWorld(t);
  const person = browser();
  entra.choose('ulrich');
  await person.go(`${CUSTOMERS}/home`);
  const headers = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' };
  const answer = await person.ask(`${AGENTS}/ticket`, { headers });
  t.match([answer.status, answer.headers['content-type']], [403, 'application/problem+json']);
  t.equal(JSON.parse(answer.body).code, 'NOT_ADMITTED');
});
