import { startBalancer } from '../../demo/balancer.ts';
import { connectionTo } from '../../demo/connection.ts';
import { HOME, startEntra } from '../../demo/entra/index.ts';
import { Browser } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { type RunningGateway, startGateway } from '../support/gateway.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { SESSION_SECRET } from '../support/world.ts';
import { startTellingUpstream } from './upstream.ts';

type Test = Parameters<typeof startGateway>[0];

/** A person who is signed in, with the cookie that says so. */
export interface SignedIn {
  readonly user: string;
  readonly cookie: string;
}

/** Two built gateways on one durable Redis behind one address. */
export interface Cluster {
  /** The public origin, and where it is served. */
  readonly origin: string;
  readonly address: string;
  readonly redis: RedisServer;
  /** Where the two gateways listen. */
  readonly first: string;
  readonly second: string;
  /**
   * Signs persons in, each another one than anybody before.
   * @param at the gateway where they do; both have seen such a session unless `seenThereAlone`
   */
  signIn(count: number, options?: { readonly seenThereAlone?: string }): Promise<readonly SignedIn[]>;
  /** Ends the second gateway without a word. */
  killSecond(): Promise<void>;
  /** Starts it again on its port. */
  startSecond(): Promise<void>;
  /** Tells one of them to end and starts it again when it has. @returns the exit status */
  restart(which: 0 | 1): Promise<number | null>;
}

export interface ClusterOptions {
  /** Settings of sessions beside the secret; another store in place of the one that is started here is one of them. */
  readonly session?: Readonly<Record<string, unknown>>;
  /** The time that a gateway takes to end. */
  readonly drain?: Readonly<Record<string, string>>;
  /** What stands before the two; default a balancer that hands out connections. @param ports theirs */
  readonly front?: (ports: readonly [number, number]) => Promise<{ readonly port: number; close(): void }>;
}

export async function startCluster(
  t: Test,
  { session = {}, drain = {}, front = ports => startBalancer(ports, 0) }: ClusterOptions = {},
): Promise<Cluster> {
  const redis = await startRedis(t, { own: true, durable: true });
  const entra = await startEntra();
  t.teardown(() => entra.close());
  const upstream = await startTellingUpstream(t);
  const ports = [await freePort(), await freePort()] as const;
  const [first, second] = [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`];
  const balancer = await front(ports);
  t.teardown(() => balancer.close());
  const origin = `http://localhost:${balancer.port}`;
  const start = (listening: number): Promise<RunningGateway> =>
    startGateway(t, {
      version: 1,
      listen: `127.0.0.1:${listening}`,
      opsListen: '127.0.0.1:0',
      halo: { upstream },
      portals: [{ name: 'agents', kind: 'agent', url: origin }],
      connections: [connectionTo(entra.url)],
      session: { secret: SESSION_SECRET, redis: { url: redis.url }, ...session },
      drain,
    });
  const running: [RunningGateway, RunningGateway] = [await start(ports[0]), await start(ports[1])];
  let persons = 0;

  async function signInOne(seenThereAlone: string | undefined): Promise<SignedIn> {
    persons += 1;
    const user = `person-${persons}@${HOME.domain}`;
    Object.assign(entra.people.agnes, {
      name: `Person ${persons}`,
      username: user,
      email: user,
      oids: { [HOME.id]: `dddddddd-0000-4000-8000-${String(persons).padStart(12, '0')}` },
    });
    entra.choose('agnes');
    const browser = new Browser({ [origin]: seenThereAlone ?? first });
    const { status, body } = await browser.go(`${origin}/ticket`);
    const cookie = browser.cookies(origin).halogate;
    if (status !== 200 || cookie === undefined) throw new Error(`${user} could not sign in: ${status} ${body}`);
    if (seenThereAlone === undefined) {
      const other = new Browser({ [origin]: second });
      browser.copyTo(other);
      await other.go(`${origin}/ticket`);
    }
    return { user, cookie };
  }

  return {
    origin,
    address: `http://127.0.0.1:${balancer.port}`,
    redis,
    first,
    second,
    async signIn(count, { seenThereAlone } = {}) {
      const signedIn: SignedIn[] = [];
      // One after another: the stand-in knows one person at a time by this name.
      while (signedIn.length < count) signedIn.push(await signInOne(seenThereAlone));
      return signedIn;
    },
    killSecond: () => running[1].kill(),
    async startSecond() {
      running[1] = await start(ports[1]);
    },
    async restart(which) {
      const status = await running[which].stop();
      running[which] = await start(ports[which]);
      return status;
    },
  };
}
