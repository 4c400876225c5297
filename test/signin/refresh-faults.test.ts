import t from 'tap';
import { StoreUnreachableError } from '../../src/sessions/index.ts';
import { SignInError } from '../../src/signin/errors.ts';
import { G1, G2, HOURS, MINUTE, settle, start } from './refreshing.ts';

t.test('a session whose grace is over is served again once the provider says so', async t => {
  const { groups, pass, world } = await start(t, { refreshGrace: '4h' });
  const proper = world.answer;
  world.answer = () => Promise.reject(new SignInError('PROVIDER_UNREACHABLE'));
  pass(4 * 60 * MINUTE);
  t.same(await groups(), [G1, G2]);
  world.answer = proper;
  pass(10 * MINUTE);
  t.same(await groups(), [G1]);
});

t.test('a provider that does not answer is waited for five seconds, not longer', async t => {
  const { groups, pass, world } = await start(t, { refreshGrace: '4h' });
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
  const { asked, store, groups, pass, here, cookie } = await start(t);
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
  const { asked, world, groups, pass, here, cookie } = await start(t);
  world.answer = async tokens => ({ tokens: { ...tokens, refreshToken: 'second' } });
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
  const { there, world, groups, pass, cookie } = await start(t);
  const proper = world.answer;
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  world.answer = async tokens => {
    await held;
    return proper(tokens);
  };
  pass(15 * MINUTE);
  await groups();
  await there.end(cookie);
  release();
  await settle();
  t.equal(await groups(), undefined);
  t.equal(await groups(there), undefined);
});

t.test('nobody is asked without a refresh token, or where the settings say never', async t => {
  const never = await start(t, { refresh: 0 });
  never.pass(HOURS);
  t.same(await never.groups(), [G1, G2]);
  t.equal(never.asked.length, 0);

  const { here, asked, pass } = await start(t);
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
