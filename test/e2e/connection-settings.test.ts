import t from 'tap';
import { locationOf } from '../support/browser.ts';
import { FETCH, type Front, NAVIGATION, startFront } from '../support/front.ts';
import { AGENTS, CUSTOMERS, SUPPORT } from '../support/world.ts';

const TICKET = `${AGENTS}/ticket`;
const HOME = `${CUSTOMERS}/home`;

/** What a page that a person opens without a session leads to. */
async function forces(front: Front, url: string): Promise<boolean> {
  const { status, arrived } = await front.ask(`GET ${url}`, { headers: NAVIGATION });
  return status === 302 && arrived === undefined;
}

/** What asking to sign in on a portal is answered with. */
async function signInAt(front: Front, url: string): Promise<number> {
  const { origin, pathname } = new URL(url);
  const target = `/.halogate/sign-in?return=${encodeURIComponent(pathname)}`;
  return (await front.ask(`GET ${origin}${target}`, { headers: NAVIGATION })).status;
}

t.test('before it is published a connection changes nothing for anybody, and nobody can use it', async t => {
  const front = await startFront(t, { connection: { published: false } });
  for (const url of [TICKET, HOME, `${SUPPORT}/home`]) {
    const page = await front.ask(`GET ${url}`, { headers: NAVIGATION });
    t.match(page, { status: 200, identified: false, arrived: { method: 'GET' } }, url);
    t.equal(await signInAt(front, url), 404);
  }
  const named = `${AGENTS}/.halogate/sign-in?connection=default`;
  t.match(await front.ask(`GET ${named}`, { headers: NAVIGATION }), { status: 404 });
});

t.test('allow says who signs in through it: agents, users, or both', async t => {
  for (const [allow, agents, users] of [
    ['agents', true, false],
    ['users', false, true],
    ['agents-and-users', true, true],
  ] as const) {
    const front = await startFront(t, { connection: { allow } });
    for (const [url, allowed] of [
      [TICKET, agents],
      [HOME, users],
      [`${SUPPORT}/home`, users],
    ] as const) {
      t.equal(await forces(front, url), allowed, `${allow} at ${url}`);
      t.equal(await signInAt(front, url), allowed ? 302 : 404);
    }
  }
});

t.test('a session of one kind of portal is none on another that the connection does not serve', async t => {
  const front = await startFront(t, { connection: { allow: 'users' } });
  const cookie = await front.signIn('agnes', HOME);
  t.match(await front.ask(`GET ${HOME}`, { headers: FETCH, cookie }), { status: 200, identified: true });
  t.match(await front.ask(`GET ${TICKET}`, { headers: FETCH, cookie }), { status: 200, identified: false });
});

t.test('autoRedirect decides whether sign-in is forced or offered', async t => {
  const forced = await startFront(t);
  t.ok(await forces(forced, TICKET));
  const offered = await startFront(t, { connection: { autoRedirect: false } });
  t.match(await offered.ask(`GET ${TICKET}`, { headers: NAVIGATION }), { status: 200, identified: false });
  const cookie = await offered.signIn('agnes', TICKET);
  t.match(await offered.ask(`GET ${TICKET}`, { headers: NAVIGATION, cookie }), { status: 200, identified: true });
});

t.test('the scope of the sign-in is a setting', async t => {
  for (const [connection, scope] of [
    [{}, 'openid profile email offline_access'],
    [{ scope: 'openid profile User.Read' }, 'openid profile User.Read'],
  ] as const) {
    const front = await startFront(t, { connection });
    const cookie = await front.signIn('agnes');
    t.match(await front.ask(`GET ${TICKET}`, { headers: FETCH, cookie }), { status: 200, identified: true });
    t.equal(front.entra.requestsTo('authorize').at(-1)?.params.scope, scope);
  }
});

t.test('a single tenant is asked for its own people, and admits nobody else', async t => {
  const front = await startFront(t);
  const person = front.browser();
  front.entra.choose('otto');
  const page = await person.go(HOME);
  t.match([page.status, page.body], [403, /ACCOUNT_NOT_IN_ORGANISATION/]);
  t.equal(person.cookies(AGENTS)['__Host-halogate'], undefined);
  t.equal(front.entra.requestsTo('authorize').at(-1)?.tenant, 'aaaaaaaa-0000-4000-8000-00000000000a');
  t.equal(front.halo.received.length, 0);
});

t.test('a connection of one name cannot complete the sign-in of another', async t => {
  const front = await startFront(t, { connections: [{ name: 'staff' }, { name: 'partners' }] });
  const person = front.browser();
  const callback = async (connection: string) => {
    front.entra.choose('agnes');
    const start = await person.ask(`${AGENTS}/.halogate/sign-in?return=/ticket&connection=${connection}`);
    return new URL(locationOf(await person.ask(`${locationOf(start)}&prompt=select_account`)));
  };
  const [staff, partners] = [await callback('staff'), await callback('partners')];
  const mixed = new URL(staff);
  mixed.searchParams.set('code', partners.searchParams.get('code') ?? '');
  const refused = await person.go(mixed);
  t.ok(refused.status >= 400, 'a code of the one under the state of the other');
  t.equal(person.cookies(AGENTS)['__Host-halogate'], undefined);
  t.equal((await person.go(await callback('partners'))).status, 200);
  const { connection } = JSON.parse((await person.ask(`${AGENTS}/.halogate/session`)).body);
  t.equal(connection, 'partners');
});
