import t from 'tap';
import { SignInError } from '../../src/signin/errors.ts';
import { G1, G2, HOURS, holdAnswers, MINUTE, OID, settle, start, TID } from './refreshing.ts';

t.test('the provider is asked when the period is over, once, and not before', async t => {
  const { here, there, asked, groups, pass, cookie } = await start();
  t.same(await groups(), [G1, G2]);
  pass(15 * MINUTE - 1);
  await groups();
  await settle();
  t.equal(asked.length, 0);

  pass(1);
  const readings = await Promise.all(Array.from({ length: 20 }, (_, at) => groups(at % 2 ? here : there)));
  t.same(readings, Array(20).fill([G1, G2]), 'no request waits for it');
  await settle();
  t.same(asked, [{ idToken: 'first', refreshToken: 'r' }]);
  t.same(await groups(), [G1], 'the groups are those of now');
  t.same(await groups(there), [G1]);

  pass(15 * MINUTE);
  // The other replica has looked for what came of the first.
  await settle();
  await groups(there);
  await settle();
  t.equal(asked[1]?.refreshToken, 'r+', 'with the token that came last');
  const session = await here.read(cookie, '');
  t.same(session && (await here.tokens(session, cookie)), {
    idToken: 'after r+',
    refreshToken: 'r++',
  });
});

t.test('what is more than two periods overdue is waited for, also where another replica asks', async t => {
  const { there, asked, world, groups, pass } = await start();
  const release = holdAnswers(world);
  pass(45 * MINUTE + 1);
  const both = Promise.all([groups(), groups(there)]);
  await settle();
  release();
  await settle();
  // The other replica looks every now and then.
  pass(100);
  t.same(await both, [[G1], [G1]]);
  t.equal(asked.length, 1);
});

t.test('a replica that gets its turn just after another has asked does not ask again', async t => {
  const { here, there, asked, store, cookie, pass } = await start();
  pass(60 * MINUTE);
  const { lock } = store;
  store.lock = async (name, holder, ttl) => {
    store.lock = lock;
    await here.read(cookie, '');
    return lock(name, holder, ttl);
  };
  t.same((await there.read(cookie, ''))?.person.groups, [G1]);
  t.equal(asked.length, 1);
});

for (const error of ['invalid_grant', 'interaction_required', 'login_required', 'consent_required', 'access_denied']) {
  t.test(`${error} ends the session everywhere`, async t => {
    const { there, world, events, groups, pass } = await start();
    world.answer = () => Promise.reject(new SignInError('CODE_REJECTED', { error }));
    pass(15 * MINUTE);
    t.same(await groups(), [G1, G2]);
    await settle();
    t.equal(await groups(), undefined);
    t.equal(await groups(there), undefined);
    t.match(events, [
      { action: 'revocation', reason: 'CODE_REJECTED', person: `${TID}.${OID}`, connection: 'default' },
    ]);
  });
}

t.test("another person's token ends the session", async t => {
  for (const claims of [
    { oid: 'dddddddd-0000-4000-8000-00000000000b' },
    { tid: 'bbbbbbbb-0000-4000-8000-00000000000b' },
  ]) {
    const { world, groups, pass } = await start();
    world.claims = claims;
    pass(HOURS);
    t.equal(await groups(), undefined, 'and nobody is served meanwhile');
  }
});

for (const code of ['PROVIDER_UNREACHABLE', 'SIGN_IN_MISCONFIGURED', 'TOKEN_INVALID', 'GROUPS_UNREACHABLE'] as const) {
  t.test(`${code} keeps the session for the grace, and no longer`, async t => {
    const { there, world, asked, groups, pass } = await start({ refreshGrace: '4h' });
    world.answer = () => Promise.reject(new SignInError(code));
    pass(15 * MINUTE);
    t.same(await groups(), [G1, G2]);
    await settle();
    t.same(await groups(), [G1, G2]);
    await settle();
    t.equal(asked.length, 1, 'it is not asked at every request');
    pass(30_000);
    await groups();
    await settle();
    t.equal(asked.length, 2, 'but soon again');
    pass(4 * 60 * MINUTE - 15 * MINUTE - 30_000);
    t.same(await groups(), [G1, G2]);
    await settle();
    pass(1);
    t.equal(await groups(), undefined, 'nobody knows, for too long');
    t.equal(await groups(there), undefined);
  });
}

t.test('what comes of asking is told, once for each asking', async t => {
  for (const [told, error] of [
    ['success', undefined],
    ['ended', new SignInError('CODE_REJECTED', { error: 'invalid_grant' })],
    ['failure', new SignInError('PROVIDER_UNREACHABLE')],
  ] as const) {
    const { world, refreshes, groups, pass } = await start();
    if (error) world.answer = () => Promise.reject(error);
    pass(15 * MINUTE);
    await groups();
    await settle();
    await groups();
    t.same(refreshes, [told]);
  }
});
