import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { WebSocket } from 'ws';
import { connectionTo } from '../../demo/connection.ts';
import { type Entra, startEntra } from '../../demo/entra/index.ts';
import { type Halo, startHalo } from '../../demo/halo/index.ts';
import { Browser } from './browser.ts';
import { type RunningGateway, serveFile } from './gateway.ts';
import { createMount } from './mount.ts';
import { AGENTS, CUSTOMERS, SESSION_SECRET, SUPPORT } from './world.ts';

type Test = Parameters<typeof serveFile>[0];
type Settings = Readonly<Record<string, unknown>>;
type Files = Readonly<Record<string, string>>;

/** What `/status` says of loading settings. */
export interface LoadStatus {
  readonly configHash: string;
  readonly loadedAt: string;
  readonly lastError: string | null;
  readonly needsRestart: readonly string[];
}

/** The built gateway as a process whose settings lie in a mounted ConfigMap. */
export interface Reloading {
  readonly entra: Entra;
  readonly halo: Halo;
  readonly gateway: RunningGateway;
  /** Where it listens, with the scheme that it speaks. */
  readonly url: string;
  /** The settings file. */
  readonly file: string;
  status(): Promise<LoadStatus>;
  /** Swaps the mount without waiting for what becomes of it. @param settings differences from those of the beginning, key by key */
  swap(settings: Settings | string, files?: Files): Promise<void>;
  /** The same, and waits until the gateway has taken or refused it. */
  load(settings: Settings | string, files?: Files): Promise<LoadStatus>;
  browser(): Browser;
  /** Signs somebody in at the agents' host. @returns the `Cookie` value of the session */
  signIn(who: keyof Entra['people']): Promise<string>;
  /** The status of a page of the agents' host, asked for by a program. @param at another replica's address */
  ask(cookie: string, path?: string, at?: string): Promise<number>;
  /** Opens a WebSocket at the agents' host. @param at another replica's address */
  open(cookie: string, at?: string): Promise<OpenSocket>;
}

export interface OpenSocket {
  /** Sends a text and resolves when it has come back. */
  echo(text: string): Promise<void>;
  /** Resolves with the code of its end. */
  readonly closed: Promise<number>;
}

/** @param t ends everything with the test */
export async function startReloading(t: Test, differences: Settings = {}, files: Files = {}): Promise<Reloading> {
  const [entra, halo] = [await startEntra(), await startHalo()];
  t.teardown(() => Promise.all([entra.close(), halo.close()]));
  const base = {
    version: 1,
    listen: '127.0.0.1:0',
    opsListen: '127.0.0.1:0',
    halo: { upstream: halo.url },
    portals: [
      { name: 'agents', kind: 'agent', url: AGENTS },
      { name: 'customers', kind: 'user', url: CUSTOMERS },
    ],
    connections: [connectionTo(entra.url)],
    session: { secret: SESSION_SECRET },
    ...differences,
  };
  const contents = (settings: Settings | string, others: Files) => ({
    'halogate.yaml': typeof settings === 'string' ? settings : JSON.stringify({ ...base, ...settings }),
    ...files,
    ...others,
  });
  const mount = await createMount(t, contents({}, {}));
  const file = join(mount.directory, 'halogate.yaml');
  const gateway = await serveFile(t, file);
  const url = 'tls' in differences ? gateway.url.replace('http:', 'https:') : gateway.url;
  const status = async () => (await (await fetch(`${gateway.opsUrl}/status`)).json()) as LoadStatus;
  const swap = (settings: Settings | string, others: Files = {}) => mount.swap(contents(settings, others));
  const browser = () => new Browser(Object.fromEntries([AGENTS, new URL(SUPPORT).origin].map(at => [at, url])));
  return {
    entra,
    halo,
    gateway,
    url,
    file,
    status,
    swap,
    browser,
    async load(settings, others) {
      const before = await status();
      await swap(settings, others);
      return eventually(async () => {
        const now = await status();
        return now.loadedAt !== before.loadedAt || now.lastError !== before.lastError ? now : undefined;
      });
    },
    async signIn(who) {
      const person = browser();
      entra.choose(who);
      const page = await person.go(`${AGENTS}/.halogate/sign-in?return=/ticket`);
      const { '__Host-halogate': session } = person.cookies(AGENTS);
      if (session === undefined) throw new Error(`${who} was not signed in: ${page.status} ${page.body}`);
      return `__Host-halogate=${session}`;
    },
    ask: (cookie, path = '/ticket', at = url) => statusOf(at, cookie, path),
    open: (cookie, at = url) => openSocket(at, cookie),
  };
}

async function statusOf(url: string, cookie: string, path: string): Promise<number> {
  const headers = { host: new URL(AGENTS).host, 'sec-fetch-mode': 'cors', cookie };
  const { statusCode, body } = await request(url + path, { headers });
  await body.dump();
  return statusCode;
}

async function openSocket(url: string, cookie: string): Promise<OpenSocket> {
  const headers = { host: new URL(AGENTS).host, origin: AGENTS, cookie };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/hub`, {
    headers,
    // Nobody vouches for the certificates of tests; which one it is they look at themselves.
    rejectUnauthorized: false,
  });
  await once(socket, 'message');
  return {
    async echo(text) {
      const came = once(socket, 'message');
      socket.send(text);
      const [data] = await came;
      if (String(data) !== text) throw new Error(`Sent ${text}, came back ${data}`);
    },
    closed: once(socket, 'close').then(([code]) => Number(code)),
  };
}

/** Asks until there is an answer. */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error('It did not come to be.');
    await sleep(20);
  }
}
