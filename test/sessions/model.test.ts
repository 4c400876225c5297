import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import { StoreUnreachableError } from '../../src/sessions/index.ts';
import { newSession } from './fixtures.ts';
import { createReplicas, type Replica } from './replicas.ts';

const IDLE = 60 * 60 * 1000;
const ABSOLUTE = 3 * IDLE;
const GRACE = 30_000;
/** A session is known to have ended within this, in milliseconds. */
const NOTICE = 1000;
/** By so much an idle end may come early: touches are coalesced. */
const COALESCED = 60_000;

/** What is known of a session without looking at how sessions are kept. */
interface Known {
  readonly cookie: string;
  readonly person: string;
  readonly expires: number;
  /** What its person was called, and since when; the last is in force. */
  readonly names: { readonly name: string; readonly since: number }[];
  /** When it was last used, at whichever replica, and when last at one that reached the store. */
  used: number;
  touched: number;
  /** When it was deleted from the store. */
  ended?: number;
  /** The replicas that were told to end it while they could not reach the store. */
  readonly endingAt: Set<Replica>;
}

interface World {
  readonly replicas: ReturnType<typeof createReplicas>;
  readonly both: readonly [Replica, Replica];
  readonly feeds: Map<Replica, Feed>;
}

/** A silent one keeps its connection and brings nothing; a broken one is known to be broken. */
type Feed = 'works' | 'silent' | 'broken';

type Model = { readonly sessions: Known[] };
type Command = fc.AsyncCommand<Model, World>;

const either = fc.constantFrom<0 | 1>(0, 1);
const pick = fc.nat({ max: 20 });

function command(name: string, run: (model: Model, world: World) => Promise<void>): Command {
  return {
    check: () => true,
    async run(model, world) {
      await run(model, world);
      // What is done in the background is done before the next command.
      await turn();
    },
    toString: () => name,
  };
}

const create = (at: 0 | 1): Command =>
  command(`create at ${at}`, async ({ sessions }, { both, replicas }) => {
    const person = `tenant.${sessions.length}`;
    const input = newSession();
    const made = both[at].sessions.create({
      ...input,
      sid: person,
      person: { ...input.person, id: person, oid: person },
    });
    if (!both[at].reachable) return expectUnreachable(made);
    const { cookie } = await made;
    const now = replicas.now();
    const names = [{ name: input.person.name, since: now }];
    sessions.push({ cookie, person, names, expires: now + ABSOLUTE, used: now, touched: now, endingAt: new Set() });
  });

const read = (at: 0 | 1, which: number): Command =>
  command(`read ${which} at ${at}`, async ({ sessions }, world) => {
    const known = sessions[which % Math.max(1, sessions.length)];
    if (!known) return;
    const replica = world.both[at];
    const now = world.replicas.now();
    const found = await replica.sessions.read(known.cookie, '').catch(error => {
      if (error instanceof StoreUnreachableError && !replica.reachable) return 'unknown' as const;
      throw error;
    });
    if (found === 'unknown') return;
    if (found) {
      mayBeServed(known, replica, now, found.person.id);
      mayBeCalled(known, replica, now, found.person.name);
      known.used = now;
      if (replica.reachable) known.touched = now;
    } else if (replica.reachable && mustBeServed(known, now)) {
      throw new Error(`${known.person} was lost`);
    }
  });

function mayBeServed(known: Known, replica: Replica, now: number, person: string): void {
  if (person !== known.person) throw new Error(`${known.person} became ${person}`);
  if (now >= known.expires) throw new Error('served after its absolute end');
  if (now >= known.used + IDLE) throw new Error('served after its idle end');
  if (known.endingAt.has(replica)) throw new Error('served where it was signed out');
  const late = known.ended === undefined ? 0 : now - known.ended;
  if (late > NOTICE + (replica.reachable ? 0 : GRACE)) throw new Error(`served ${late} ms after it ended`);
}

/** A name that was in force a moment ago will do, as long as nobody could know. */
function mayBeCalled({ names }: Known, replica: Replica, now: number, name: string): void {
  const at = names.findLastIndex(candidate => candidate.name === name);
  const next = names[at + 1];
  if (at < 0) throw new Error(`nobody was called ${name}`);
  const late = next === undefined ? 0 : now - next.since;
  if (late > NOTICE + (replica.reachable ? 0 : GRACE)) throw new Error(`called so ${late} ms after it changed`);
}

const renew = (at: 0 | 1, which: number): Command =>
  command(`renew ${which} at ${at}`, async ({ sessions }, { both, replicas }) => {
    const known = sessions[which % Math.max(1, sessions.length)];
    const replica = both[at];
    if (!known) return;
    const session = await replica.sessions.peek(known.cookie).catch(() => undefined);
    if (!session) return;
    const name = `name ${known.names.length}`;
    const renewed = replica.sessions.renew(session, known.cookie, {
      person: { ...session.person, name },
      tokens: { idToken: '' },
    });
    if (!replica.reachable) return expectUnreachable(renewed);
    if (await renewed) known.names.push({ name, since: replicas.now() });
    else if (known.ended === undefined && mustBeServed(known, replicas.now())) throw new Error('could not be renewed');
  });

function mustBeServed({ ended, endingAt, touched, expires }: Known, now: number): boolean {
  return ended === undefined && endingAt.size === 0 && now < expires && now < touched + IDLE - COALESCED;
}

const signOut = (at: 0 | 1, which: number): Command =>
  command(`sign out ${which} at ${at}`, async ({ sessions }, { both, replicas }) => {
    const known = sessions[which % Math.max(1, sessions.length)];
    if (!known) return;
    if (await both[at].sessions.end(known.cookie)) known.ended ??= replicas.now();
    else known.endingAt.add(both[at]);
  });

const pass = (seconds: number): Command =>
  command(`${seconds} s pass`, async (_, { both, replicas, feeds }) => {
    for (let passed = 0; passed < seconds * 1000; passed += 500) {
      replicas.pass(500);
      for (const replica of both) if (feeds.get(replica) === 'works') replica.beat();
    }
  });

const reach = (at: 0 | 1, reachable: boolean): Command =>
  command(`the store is ${reachable ? '' : 'not '}to be reached from ${at}`, async (_, { both }) => {
    both[at].reachable = reachable;
  });

const feed = (at: 0 | 1, becomes: Feed): Command =>
  command(`the feed of ${at}: ${becomes}`, async (_, { both, feeds }) => {
    const replica = both[at];
    if (becomes === 'broken' && feeds.get(replica) !== 'broken') replica.breakFeed();
    if (becomes !== 'broken' && feeds.get(replica) === 'broken') replica.mendFeed();
    feeds.set(replica, becomes);
  });

async function expectUnreachable(work: Promise<unknown>): Promise<void> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreUnreachableError)) throw new Error('made without a store');
}

t.test('whatever happens to two replicas, no session is mistaken, outlives its end, or is lost', async () => {
  const commands = fc.commands(
    [
      either.map(create),
      fc.tuple(either, pick).map(([at, which]) => read(at, which)),
      fc.tuple(either, pick).map(([at, which]) => read(at, which)),
      fc.tuple(either, pick).map(([at, which]) => signOut(at, which)),
      fc.tuple(either, pick).map(([at, which]) => renew(at, which)),
      fc.constantFrom(0.5, 1, 2, 20, 40, 600, 3000).map(pass),
      fc.tuple(either, fc.boolean()).map(([at, reachable]) => reach(at, reachable)),
      fc.tuple(either, fc.constantFrom<Feed>('works', 'silent', 'broken')).map(([at, becomes]) => feed(at, becomes)),
    ],
    { size: '+1' },
  );
  await fc.assert(
    fc.asyncProperty(commands, async list => {
      const replicas = createReplicas({ idle: IDLE, absolute: ABSOLUTE, outageGrace: GRACE });
      const both = [replicas.open(), replicas.open()] as const;
      const world: World = { replicas, both, feeds: new Map(both.map(replica => [replica, 'works'])) };
      await fc.asyncModelRun(() => ({ model: { sessions: [] }, real: world }), list);
      for (const { sessions } of both) await sessions.close();
    }),
    { numRuns: 1000 },
  );
});
