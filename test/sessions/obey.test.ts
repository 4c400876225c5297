import { randomBytes } from 'node:crypto';
import t from 'tap';
import {
  createLiveSealer,
  createMemoryStore,
  createSealer,
  createSessions,
  type Store,
  StoreUnreachableError,
} from '../../src/sessions/index.ts';
import { newSession } from './fixtures.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const [A, B, C] = [randomBytes(32), randomBytes(32), randomBytes(32)];

const BASE = {
  secrets: [A],
  idle: HOUR,
  absolute: 12 * HOUR,
  outageGrace: 30 * SECOND,
  refresh: 0,
  refreshGrace: 0,
};

/**
 * A store that can be away, a clock, and processes that are given other settings while they run.
 * @param feed whether the processes hear of endings: without it they ask the store each time
 */
function started({ feed = true } = {}) {
  const clock = { time: 0, away: false };
  const now = () => clock.time;
  const kept = createMemoryStore({ now });
  const store: Store = {
    ...kept,
    watch: watcher => kept.watch(feed ? watcher : { ...watcher, heard() {} }),
    read: async (ids: readonly string[]) => {
      if (clock.away) throw new StoreUnreachableError('read');
      return kept.read(ids);
    },
  };
  return {
    clock,
    open(settings: Partial<typeof BASE> = {}) {
      const config = { ...BASE, ...settings };
      const sealer = createLiveSealer(createSealer(config.secrets));
      const sessions = createSessions({ store, sealer, config, now, ticks: now });
      return {
        ...sessions,
        /** Other settings are loaded; what they do not name is that of the beginning. */
        reload(changes: Partial<typeof BASE>) {
          const next = { ...config, ...changes };
          sealer.use(createSealer(next.secrets));
          sessions.obey(next);
        },
        lives: async (cookie: string) => (await sessions.read(cookie, '')) !== undefined,
        stays: async (cookie: string) => (await sessions.peek(cookie)) !== undefined,
      };
    },
  };
}

t.test(
  'secrets rotate by the list: what an old one sealed opens until it is removed, and then at once no more',
  async t => {
    const sessions = started().open();
    const old = await sessions.create(newSession());
    t.ok(await sessions.lives(old.cookie));
    sessions.reload({ secrets: [B, A] });
    t.ok(await sessions.lives(old.cookie), 'the old secret opens');
    const young = await sessions.create(newSession());
    sessions.reload({ secrets: [B] });
    t.notOk(await sessions.lives(old.cookie));
    t.equal(await sessions.tokens(old.session, old.cookie), undefined);
    t.ok(await sessions.lives(young.cookie), 'the first secret sealed it');
    sessions.reload({ secrets: [C] });
    t.notOk(await sessions.lives(young.cookie));
  },
);

t.test('a session that was renewed lives by the secrets of both, its name and its seal', async t => {
  const sessions = started().open();
  const { session, cookie } = await sessions.create(newSession());
  sessions.reload({ secrets: [B, A] });
  const { person } = session;
  t.ok(await sessions.renew(session, cookie, { person, tokens: { idToken: '' } }));
  t.ok(await sessions.lives(cookie));
  sessions.reload({ secrets: [A] });
  t.notOk(await sessions.lives(cookie), 'what the removed secret sealed is gone, although it was remembered');
});

t.test('a secret that is added ends nothing, even while the store is away', async t => {
  const { clock, open } = started();
  const sessions = open();
  const { cookie } = await sessions.create(newSession());
  t.ok(await sessions.lives(cookie));
  clock.away = true;
  sessions.reload({ secrets: [B, A], idle: 2 * HOUR, outageGrace: MINUTE });
  t.ok(await sessions.lives(cookie));
  sessions.reload({ secrets: [B] });
  await t.rejects(sessions.lives(cookie), StoreUnreachableError, 'what was remembered counts no more');
});

t.test(
  'a shorter idle time ends at once what has rested for longer, in a process that starts with it as well',
  async t => {
    const { clock, open } = started();
    const sessions = open();
    const resting = await sessions.create(newSession());
    const used = await sessions.create(newSession());
    for (clock.time = 0; clock.time < 30 * MINUTE; clock.time += MINUTE) await sessions.lives(used.cookie);
    t.ok(await sessions.stays(resting.cookie));
    sessions.reload({ idle: 10 * MINUTE });
    t.notOk(await sessions.stays(resting.cookie));
    t.ok(await sessions.stays(used.cookie));
    const restarted = open({ idle: 10 * MINUTE });
    t.notOk(await restarted.stays(resting.cookie));
    t.ok(await restarted.stays(used.cookie));
    await sessions.lives(used.cookie);
    clock.time += 10 * MINUTE;
    t.notOk(await sessions.stays(used.cookie), 'from its next use on it lives by the new time to the moment');
  },
);

t.test('a longer idle time counts from the next use on', async t => {
  const { clock, open } = started();
  const sessions = open();
  const { cookie } = await sessions.create(newSession());
  sessions.reload({ idle: 2 * HOUR });
  clock.time = 59 * MINUTE;
  t.ok(await sessions.lives(cookie));
  clock.time += 119 * MINUTE;
  t.ok(await sessions.stays(cookie));
});

t.test('a nearer absolute end is the end of sessions that exist, a later one is not', async t => {
  const { clock, open } = started();
  const sessions = open({ idle: 12 * HOUR });
  const one = await sessions.create(newSession());
  clock.time = 2 * HOUR;
  const two = await sessions.create(newSession());
  t.ok((await sessions.lives(one.cookie)) && (await sessions.lives(two.cookie)));
  sessions.reload({ idle: 12 * HOUR, absolute: 90 * MINUTE });
  t.notOk(await sessions.lives(one.cookie));
  t.equal((await sessions.read(two.cookie, ''))?.expires, 2 * HOUR + 90 * MINUTE);
  sessions.reload({ idle: 12 * HOUR, absolute: 24 * HOUR });
  t.equal((await sessions.read(two.cookie, ''))?.expires, 14 * HOUR);
});

t.test('a session that was ended stays ended for as long as it could have lived when it was made', async t => {
  const { clock, open } = started();
  const sessions = open({ idle: 12 * HOUR });
  const { session, cookie } = await sessions.create(newSession());
  t.ok(await sessions.lives(cookie));
  sessions.reload({ idle: 12 * HOUR, absolute: HOUR });
  await sessions.end(cookie);
  clock.time = 2 * HOUR;
  t.equal(await sessions.tokens(session, cookie), undefined);
  sessions.reload({ idle: 12 * HOUR });
  t.notOk(await sessions.lives(cookie));
});

t.test('what this process has seen survives the store by the grace of now', async t => {
  const { clock, open } = started({ feed: false });
  const sessions = open();
  const { cookie } = await sessions.create(newSession());
  t.ok(await sessions.lives(cookie));
  clock.away = true;
  clock.time = 20 * SECOND;
  t.ok(await sessions.lives(cookie));
  sessions.reload({ outageGrace: 10 * SECOND });
  await t.rejects(sessions.lives(cookie), StoreUnreachableError);
  sessions.reload({ outageGrace: MINUTE });
  t.ok(await sessions.lives(cookie));
});
