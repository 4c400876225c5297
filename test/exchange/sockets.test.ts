import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { createSockets } from '../../src/exchange/index.ts';
import type { Tunnel } from '../../src/proxy/index.ts';
import { createMemoryStore, createSealer, createSessions } from '../../src/sessions/index.ts';
import { agent, judgeOf, signedIn } from '../support/policy.ts';

t.test('a WebSocket is closed in the moment in which its session is known to have ended, and no other', async t => {
  const { here, there, sockets, portal, signIn } = await started(t);
  const one = await signIn();
  const two = await signIn();
  const first = tunnel();
  const second = tunnel();
  const other = tunnel();
  const nobodys = tunnel();
  sockets.add(first, { cookie: one, portal });
  sockets.add(second, { cookie: one, portal });
  sockets.add(other, { cookie: two, portal });
  sockets.add(nobodys);
  await there.end(one);
  t.strictSame([first.codes, second.codes, other.codes, nobodys.codes], [[1008], [1008], [], []]);
  await here.end(two);
  t.strictSame([other.codes, nobodys.codes], [[1008], []]);
  t.equal(sockets.size(), 1);
});

t.test('a WebSocket that somebody opened who may not enter is found and closed', async t => {
  const { sockets, portal, here } = await started(t);
  const { cookie } = await here.create({ ...signedIn(), tokens: { idToken: '' }, address: '', former: [] });
  const held = tunnel();
  sockets.add(held, { cookie, portal });
  while (held.codes.length === 0) await sleep(20);
  t.strictSame(held.codes, [1008]);
});

t.test('a WebSocket whose upgrade was under way when the gateway went away is told so too', async t => {
  const { sockets } = await started(t);
  const [before, after] = [tunnel(), tunnel()];
  sockets.add(before);
  sockets.closeAll(0);
  sockets.add(after);
  t.strictSame([before.codes, after.codes], [[1001], [1001]]);
});

/** The open WebSockets of one of two processes with one store. */
async function started(t: Test) {
  const { policy, config, portal } = await judgeOf();
  const store = createMemoryStore();
  const options = { store, sealer: createSealer(config.session.secrets), config: config.session };
  const [here, there] = [createSessions(options), createSessions(options)];
  const sockets = createSockets(here, () => ({ config, policy }));
  t.teardown(() => sockets.stop());
  const signIn = async () => {
    const { cookie } = await there.create({ ...agent(), tokens: { idToken: '' }, address: '', former: [] });
    return cookie;
  };
  return { here, there, sockets, portal: portal('agents'), signIn };
}

function tunnel(): Tunnel & { readonly codes: readonly number[] } {
  const codes: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    codes,
    closed: promise,
    close(code) {
      if (codes.length === 0) codes.push(code);
      resolve();
    },
  };
}
