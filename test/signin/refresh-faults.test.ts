import t from 'tap';
import { StoreUnreachableError } from '../../src/sessions/index.ts';
import { SignInError } from '../../src/signin/errors.ts';
import { G1, G2, HOURS, holdAnswers, MINUTE, settle, start } from './refreshing.ts';

t.test('a session whose grace is over is served again once the provider says so', async t => {
  const { groups, pass, world } = await start({ refreshGrace: '4h' });
  const proper = world.answer;
  world.answer = () => Promise.reject(new SignInError('PROVIDER_UNREACHABLE'));
  pass(4 * 60 * MINUTE);
  t.same(await groups(), [G1, G2]);
  world.answer = proper;
  pass(10 * MINUTE);
  t.same(await groups(), [G1]);
});

t.test('a provider that does not answer is waited for five seconds, not longer', async t => {
  const { groups, pass, world } = await start({ refreshGrace: '4h' });
  world.answer = () => new Promise(() => {});
  pass(HOURS);
  let seen: unknown = 'waiting';
  const reading = groups().then(found => {
    seen = found;
  });
  await settle();
  pass(4999);
  await settle();
  t.equal(seen, 'waiting');
  pass(1);
  await reading;
  t.same(seen, [G1, G2], 'within the grace it goes on');
  pass(HOURS);
  const late = groups();
  await settle();
  pass(5000);
  t.equal(await late, undefined, 'after it nobody is served on a guess');
});

t.test('what the provider gave is not lost because the store is away', async t => {
  const { asked, store, groups, pass, here, cookie } = await start();
  const { replace } = store;
  let failures = 3;
  store.replace = (id, content) => {
    failures -= 1;
    return failures >= 0 ? Promise.reject(new StoreUnreachableError('replace')) : replace(id, content);
  };
  pass(15 * MINUTE);
  await groups();
  for (let tries = 0; tries < 4; tries += 1) {
    await settle();
    pass(250);
  }
  await settle();
  t.equal(asked.length, 1);
  t.same(await groups(), [G1]);
  const session = await here.read(cookie, '');
  t.equal(session && (await here.tokens(session, cookie))?.refreshToken, 'r+');
});

t.test('an answer without an ID token leaves the person as they were', async t => {
  const { asked, world, groups, pass, here, cookie } = await start();
  world.answer = async tokens => ({ tokens: { ...tokens, refreshToken: 'second' }, accessToken: '' });
  pass(15 * MINUTE);
  await groups();
  await settle();
  t.same(await groups(), [G1, G2]);
  pass(15 * MINUTE);
  await groups();
  await settle();
  t.same(asked[1]?.refreshToken, 'second');
  const session = await here.read(cookie, '');
  t.equal(session && (await here.tokens(session, cookie))?.idToken, 'first');
});

t.test('somebody who signs out while the provider is asked stays signed out', async t => {
  const { there, world, groups, pass, cookie } = await start();
  const release = holdAnswers(world);
  pass(15 * MINUTE);
  await groups();
  await there.end(cookie);
  release();
  await settle();
  t.equal(await groups(), undefined);
  t.equal(await groups(there), undefined);
});

t.test('nobody is asked without a refresh token, or where the settings say never', async t => {
  const never = await start({ refresh: 0 });
  never.pass(HOURS);
  t.same(await never.groups(), [G1, G2]);
  t.equal(never.asked.length, 0);

  const { here, asked, pass } = await start();
  const first = await here.create({
    person: { id: 'x', tid: '', oid: 'x', username: '', email: '', name: '', groups: [], roles: [], guest: false },
    connection: 'default',
    tokens: { idToken: '' },
    address: '',
    former: [],
  });
  pass(HOURS);
  t.ok(await here.read(first.cookie, ''));
  await settle();
  t.equal(asked.length, 0);
});

t.test('a refresh token that came with an answer that came to nothing is kept, and nothing else of it', async t => {
  const { here, asked, world, groups, pass, cookie } = await start();
  world.answer = async (_, rotated) => {
    rotated('second');
    throw new SignInError('GROUPS_UNREACHABLE');
  };
  pass(15 * MINUTE);
  await groups();
  await settle();
  const session = await here.read(cookie, '');
  t.same(session && (await here.tokens(session, cookie)), { idToken: 'first', refreshToken: 'second' });
  t.same(session?.person.groups, [G1, G2]);
  pass(30_000);
  await groups();
  await settle();
  t.equal(asked[1]?.refreshToken, 'second');
  pass(4 * 60 * MINUTE);
  t.equal(await groups(), undefined, 'the grace counts from the last answer that counted');
});

t.test('closing waits for what has been asked, and asks nothing more', async t => {
  const { here, there, asked, world, groups, pass, cookie } = await start();
  const release = holdAnswers(world);
  pass(15 * MINUTE);
  await groups();
  await settle();
  let closed = false;
  const closing = here.close().then(() => {
    closed = true;
  });
  await settle();
  t.notOk(closed);
  release();
  await closing;
  t.same(await groups(there), [G1]);
  pass(15 * MINUTE);
  here.leaveOff();
  t.same(await groups(), [G1], 'a session goes on');
  await settle();
  t.equal(asked.length, 1);
  const session = await there.read(cookie, '');
  await settle();
  t.ok(session);
  t.equal(asked.length, 2, 'another replica may ask at once');
});

t.test('closing does not wait for ever', async t => {
  const { here, world, groups, pass } = await start();
  world.answer = () => new Promise(() => {});
  pass(15 * MINUTE);
  await groups();
  const closing = here.close();
  await settle();
  pass(5000);
  await t.resolves(closing);
});

t.test('an operator is told once of a connection that cannot ask, not with every session', async t => {
  const { errors, world, groups, pass } = await start();
  world.answer = () => Promise.reject(new SignInError('SIGN_IN_MISCONFIGURED', { aadsts: '7000222' }));
  for (const wait of [15 * MINUTE, 30_000, 30_000]) {
    pass(wait);
    await groups();
    await settle();
  }
  t.match(errors, [
    ['sign-in needs an operator', { connection: 'default', code: 'SIGN_IN_MISCONFIGURED', aadsts: '7000222' }],
  ]);
  pass(5 * MINUTE);
  await groups();
  await settle();
  t.equal(errors.length, 2);
});
