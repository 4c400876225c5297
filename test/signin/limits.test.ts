import t from 'tap';
import { connectionTo } from '../../demo/connection.ts';
import { createMemoryStore, createSealer, type Store, StoreUnreachableError } from '../../src/sessions/index.ts';
import { createLimits } from '../../src/signin/index.ts';
import { locationOf } from '../support/browser.ts';
import { formOf } from '../support/ways.ts';
import { AGENTS, startWorld, type World } from '../support/world.ts';

const SEALER = createSealer([Buffer.alloc(32, 7)]);

/** Behind a trusted proxy, so that clients have addresses of their own. */
const limited = (signIn: string | number) => ({ settings: { trustedProxies: ['127.0.0.1'], limits: { signIn } } });

function start({ browser }: World, client: string, headers = {}) {
  const url = `${AGENTS}/.halogate/sign-in?return=/tickets`;
  return browser().ask(url, { headers: { 'x-forwarded-for': client, ...headers } });
}

t.test('a client that starts too often has to wait; others need not', async t => {
  const world = await startWorld(t, limited('3/1m'));
  for (let at = 0; at < 3; at += 1) t.equal((await start(world, '192.0.2.1')).status, 302);
  const late = await start(world, '192.0.2.1');
  t.equal(late.status, 429);
  const seconds = Number(late.headers['retry-after']);
  t.ok(Number.isInteger(seconds) && seconds >= 1 && seconds <= 60, `${seconds}`);
  t.match(late.body, /TOO_MANY_REQUESTS/);
  t.equal(late.headers['cache-control'], 'no-store');
  t.equal(late.setCookies.length, 0);
  const program = await start(world, '192.0.2.1', { 'sec-fetch-mode': 'cors', accept: 'application/json' });
  t.equal(program.status, 429);
  t.match(program.headers['content-type'], /^application\/problem\+json/);
  t.match(JSON.parse(program.body), { code: 'TOO_MANY_REQUESTS', status: 429 });
  t.equal((await start(world, '192.0.2.2')).status, 302);
});

t.test('of IPv6 a /64 is one client', async t => {
  const world = await startWorld(t, limited('1/1m'));
  t.equal((await start(world, '2001:db8::1')).status, 302);
  t.equal((await start(world, '2001:DB8:0:0:ffff:1:2:3')).status, 429);
  t.equal((await start(world, '2001:db8:0:1::1')).status, 302, 'another /64');
  t.equal((await start(world, '2001:db8:0:1:a::')).status, 429);
  t.equal((await start(world, '::ffff:192.0.2.9')).status, 302);
  t.equal((await start(world, '192.0.2.9')).status, 429, 'an IPv4 address in the dress of IPv6');
});

t.test('whoever is signed in is never limited, and does not use up what others have', async t => {
  const world = await startWorld(t, limited('1/1m'));
  const person = world.browser();
  world.entra.choose('agnes');
  t.equal((await person.go(`${AGENTS}/tickets`)).status, 200);
  for (let at = 0; at < 5; at += 1) {
    t.equal((await person.ask(`${AGENTS}/.halogate/sign-in?return=/tickets`)).status, 302);
    t.equal((await person.ask(`${AGENTS}/tickets`)).status, 200);
  }
  t.equal((await start(world, '127.0.0.1')).status, 429);
  const other = await startWorld(t, limited('2/1m'));
  for (let at = 0; at < 2; at += 1) t.equal((await start(other, '192.0.2.3')).status, 302);
  const forged = { cookie: `__Host-halogate=${'A'.repeat(86)}` };
  t.equal((await start(other, '192.0.2.3', forged)).status, 429, 'a cookie alone is no session');
});

t.test('what leads to a sign-in is not a start: deep links and the chooser', async t => {
  const world = await startWorld(t, {
    ...limited('2/1m'),
    connections: authority => ['one', 'two'].map(name => ({ ...connectionTo(authority), name })),
  });
  for (let at = 0; at < 5; at += 1) {
    t.equal((await world.browser().ask(`${AGENTS}/tickets`)).status, 302);
    t.equal((await start(world, '127.0.0.1')).status, 200, 'the chooser');
  }
  const chosen = () => world.browser().ask(`${AGENTS}/.halogate/sign-in?connection=one`);
  t.equal((await chosen()).status, 302);
  t.equal((await chosen()).status, 302);
  t.equal((await chosen()).status, 429);
});

t.test('a tenth of it may fail at the callback; then nothing is asked of the provider', async t => {
  const world = await startWorld(t, limited('20/1m'));
  const fail = async () => {
    const person = world.browser();
    const { searchParams } = new URL(locationOf(await person.ask(`${AGENTS}/.halogate/sign-in?return=/tickets`)));
    const state = encodeURIComponent(searchParams.get('state') ?? '');
    return person.ask(`${AGENTS}/auth/account/azureresponse?code=invented&state=${state}`);
  };
  t.equal((await fail()).status, 400);
  t.equal((await fail()).status, 400);
  const late = await fail();
  t.equal(late.status, 429);
  t.ok(Number(late.headers['retry-after']) >= 1);
  t.match(late.body, /TOO_MANY_REQUESTS/);

  const person = world.browser();
  world.entra.choose('agnes');
  const elsewhere = { 'x-forwarded-for': '192.0.2.8' };
  t.equal((await person.go(`${AGENTS}/tickets`, { headers: elsewhere })).status, 200, 'others sign in');
});

/** A sign-in that has begun in a browser, and the address at which it comes back with what is added. */
async function begun({ browser }: World, person = browser(), query = '') {
  const answer = await person.ask(`${AGENTS}/.halogate/sign-in?return=/tickets${query}`);
  const state = encodeURIComponent(new URL(locationOf(answer)).searchParams.get('state') ?? '');
  return { person, back: (rest: string) => `${AGENTS}/auth/account/azureresponse?state=${state}&${rest}` };
}

t.test('a page that has its visitors send callbacks shuts nobody out', async t => {
  const world = await startWorld(t, limited('20/1m'));
  const first = await begun(world);
  const second = await begun(world, undefined, '&again=1');
  const visitor = world.browser();
  const image = { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image', 'sec-fetch-site': 'cross-site' };
  for (let at = 0; at < 5; at += 1) {
    for (const rest of ['code=invented', 'error=access_denied', 'code=1&code=2', '']) {
      t.not((await visitor.ask(first.back(rest), { headers: image })).status, 429, rest);
    }
    t.equal((await visitor.ask(second.back('code=invented'), { headers: image })).status, 400);
  }
  world.entra.choose('agnes');
  t.equal((await world.browser().go(`${AGENTS}/tickets`)).status, 200, 'whoever sits beside them signs in');
});

t.test('what the provider or the operator does wrong does not count', async t => {
  const world = await startWorld(t, limited('20/1m'));
  for (const [error, status] of Object.entries({
    server_error: 502,
    invalid_client: 500,
    temporarily_unavailable: 502,
  })) {
    for (let at = 0; at < 3; at += 1) {
      const { person, back } = await begun(world);
      t.equal((await person.ask(back(`error=${error}`))).status, status, error);
    }
  }
  world.entra.faults.on('nonce-wrong');
  for (let at = 0; at < 3; at += 1) {
    world.entra.choose('agnes');
    t.equal((await world.browser().go(`${AGENTS}/tickets`)).status, 502);
  }
  world.entra.faults.clear();
  world.entra.choose('agnes');
  t.equal((await world.browser().go(`${AGENTS}/tickets`)).status, 200);
});

for (const responseMode of ['query', 'form_post']) {
  t.test(`a callback of whoever is signed in neither counts nor waits, by ${responseMode}`, async t => {
    const world = await startWorld(t, { ...limited('20/1m'), connection: { responseMode } });
    const comeBack = (person: ReturnType<World['browser']>, back: string) => {
      if (responseMode === 'query') return person.ask(back);
      const { origin, pathname, searchParams } = new URL(back);
      const headers = { origin: world.entra.url, 'sec-fetch-site': 'cross-site' };
      return person.ask(origin + pathname, { method: 'POST', headers, form: Object.fromEntries(searchParams) });
    };
    const known = world.browser();
    world.entra.choose('agnes');
    const page = await known.go(`${AGENTS}/tickets`);
    if (responseMode === 'form_post') {
      const { action, fields } = formOf(page.body);
      await known.go(action, { method: 'POST', form: fields, headers: { 'sec-fetch-site': 'cross-site' } });
    }
    t.equal((await known.ask(`${AGENTS}/tickets`)).status, 200);
    for (let at = 0; at < 5; at += 1) {
      const { back } = await begun(world, known);
      t.equal((await comeBack(known, back('code=invented'))).status, 400);
    }
    for (const status of [400, 400, 429]) {
      const { person, back } = await begun(world);
      t.equal((await comeBack(person, back('code=invented'))).status, status, 'others have all of their own');
    }
    const again = await begun(world, known);
    t.equal((await comeBack(known, again.back('code=invented'))).status, 400, 'while others wait');
    t.equal((await known.ask(`${AGENTS}/tickets`)).status, 200);
  });
}

t.test('a callback that was on its way when another tab signed in does not wait', async t => {
  const world = await startWorld(t, limited('20/1m'));
  const known = world.browser();
  const late = await begun(world, known);
  world.entra.choose('agnes');
  await known.go(`${AGENTS}/tickets`);
  for (let at = 0; at < 2; at += 1) {
    const { person, back } = await begun(world);
    await person.ask(back('code=invented'));
  }
  t.equal((await known.ask(late.back('code=invented'))).status, 400);
  const { person, back } = await begun(world);
  t.equal((await person.ask(back('code=invented'))).status, 429, 'others do');
});

t.test('a sign-in that waited is finished afterwards with what it began with', async t => {
  let time = 0;
  const store = createMemoryStore({ now: () => time });
  const limits = createLimits({
    limit: { count: 10, period: 60_000 },
    store,
    sealer: SEALER,
    recorder: { rateLimited() {} },
  });
  t.equal(await limits.callback('192.0.2.1'), undefined);
  await limits.failed('192.0.2.1');
  t.equal(await limits.callback('192.0.2.1'), 60_000);
  time = 59_000;
  t.equal(await limits.callback('192.0.2.1'), 1000);
  time = 60_000;
  t.equal(await limits.callback('192.0.2.1'), undefined);
});

t.test('0 switches the limits off', async t => {
  const world = await startWorld(t, limited(0));
  for (let at = 0; at < 20; at += 1) t.equal((await start(world, '192.0.2.1')).status, 302);
});

t.test('an office behind one address signs in on a Monday morning by the default', async t => {
  const world = await startWorld(t);
  const starts = await Promise.all(Array.from({ length: 600 }, () => start(world, '192.0.2.1')));
  t.strictSame([...new Set(starts.map(({ status }) => status))], [302]);
  t.equal((await start(world, '192.0.2.1')).status, 429);
});

t.test('replicas count together, the store does not learn who came, and each refusal is counted', async t => {
  const names = new Set<string>();
  const shared = createMemoryStore();
  const store: Pick<Store, 'count' | 'counted'> = {
    count(name, period) {
      names.add(name);
      return shared.count(name, period);
    },
    counted: shared.counted,
  };
  const kinds: string[] = [];
  const limit = { count: 2, period: 60_000 };
  const replica = () =>
    createLimits({ limit, store, sealer: SEALER, recorder: { rateLimited: kind => kinds.push(kind) } });
  const [here, there] = [replica(), replica()];
  t.equal(await here.start('192.0.2.1'), undefined);
  t.equal(await there.start('192.0.2.1'), undefined);
  t.ok(await here.start('192.0.2.1'));
  await there.failed('192.0.2.1');
  t.ok(await here.callback('192.0.2.1'), 'one failure is a tenth of two, rounded up');
  t.strictSame(kinds, ['sign-in', 'callback']);
  t.notMatch([...names].join(' '), /192\.0\.2\.1|sign-in|callback/);
});

t.test('without the store nobody is kept out by the limits', async t => {
  const away = async () => {
    throw new StoreUnreachableError('count');
  };
  const limit = { count: 1, period: 60_000 };
  const recorder = { rateLimited() {} };
  const limits = createLimits({ limit, store: { count: away, counted: away }, sealer: SEALER, recorder });
  for (let at = 0; at < 3; at += 1) t.equal(await limits.start('192.0.2.1'), undefined);
  await limits.failed('192.0.2.1');
  t.equal(await limits.callback('192.0.2.1'), undefined);
  const broken = async () => {
    throw new TypeError('a fault of our own');
  };
  const faulty = createLimits({ limit, store: { count: broken, counted: broken }, sealer: SEALER, recorder });
  await t.rejects(faulty.start('192.0.2.1'), TypeError);
});
