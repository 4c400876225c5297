import { connectionTo } from '../../demo/connection.ts';
import { type Entra, startEntra } from '../../demo/entra/index.ts';
import { type Halo, startHalo } from '../../demo/halo/index.ts';
import { AUDIT_MARK, type AuditLine, readAuditLine } from './audit.ts';
import { Browser } from './browser.ts';
import { type RunningGateway, startGateway } from './gateway.ts';
import { sendRaw } from './raw.ts';
import { AGENTS, CUSTOMERS, SESSION_SECRET, SUPPORT } from './world.ts';

type Test = Parameters<typeof startGateway>[0];
type PersonKey = keyof Entra['people'];

/** The portals of the front unless its settings name others. */
const PORTALS = [
  { name: 'agents', kind: 'agent', url: AGENTS },
  { name: 'customers', kind: 'user', url: CUSTOMERS },
  { name: 'support', kind: 'user', url: SUPPORT },
];

/** What browsers of today send with a page that a person opens, and with a request of its scripts. */
export const NAVIGATION = {
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'same-origin',
  accept: 'text/html',
};
export const FETCH = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' };
export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A request, sent as it stands: nothing of its target or its body is made regular. */
export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Sends the body in chunks of this many bytes, without a length. */
  readonly chunks?: number;
  /** The request target, where it differs from what follows the host in the request. */
  readonly target?: string;
  /** A `Cookie` value. */
  readonly cookie?: string | undefined;
}

/** What came back, and what Halo received meanwhile. */
export interface Reply {
  readonly status: number;
  /** The code of a problem document. */
  readonly code: string | undefined;
  /** Head and body. */
  readonly text: string;
  readonly arrived: Halo['received'][number] | undefined;
  /** Halo received it with an identity. */
  readonly identified: boolean;
}

/** The built gateway as a process between the stand-ins, for https hosts, as if behind an ingress that ends TLS. */
export interface Front {
  readonly entra: Entra;
  readonly halo: Halo;
  readonly gateway: RunningGateway;
  /** @param request `POST https://halo.example.com/auth/token`; what follows the host is the target, byte for byte */
  ask(request: string, ask?: Ask): Promise<Reply>;
  browser(): Browser;
  /** Signs somebody in on a host. @returns the `Cookie` value of the session */
  signIn(who: PersonKey, url?: string): Promise<string>;
  /** The audit events so far with this action or reason, once there are as many as said. */
  audits(what: string, count: number): Promise<readonly AuditLine[]>;
}

/** Settings that differ from the front's own; `halo`, `connection` and each of `connections` key by key. */
export interface Differences {
  readonly halo?: Readonly<Record<string, unknown>>;
  readonly connection?: Readonly<Record<string, unknown>>;
  /** In place of the one connection. */
  readonly connections?: readonly Readonly<Record<string, unknown>>[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** @param t ends everything with the test */
export async function startFront(
  t: Test,
  { halo: ofHalo = {}, connection = {}, connections = [connection], settings = {} }: Differences = {},
): Promise<Front> {
  const { authPath } = ofHalo;
  const entra = await startEntra();
  const halo = await startHalo(typeof authPath === 'string' ? { authPath } : {});
  t.teardown(() => Promise.all([entra.close(), halo.close()]));
  const all = {
    version: 1,
    listen: '127.0.0.1:0',
    opsListen: '127.0.0.1:0',
    halo: { upstream: halo.url, ...ofHalo },
    portals: PORTALS,
    connections: connections.map(differences => ({ ...connectionTo(entra.url), ...differences })),
    session: { secret: SESSION_SECRET },
    ...settings,
  };
  const gateway = await startGateway(t, all);
  const origins = all.portals.map(({ url }) => new URL(url).origin);
  const browser = () => new Browser(Object.fromEntries(origins.map(origin => [origin, gateway.url])));
  return {
    entra,
    halo,
    gateway,
    browser,
    ask: (request, ask) => send(gateway.url, halo, request, ask),
    async signIn(who, url = AGENTS) {
      const person = browser();
      entra.choose(who);
      const { origin, pathname } = new URL(url);
      const page = await person.go(`${origin}/.halogate/sign-in?return=${encodeURIComponent(pathname)}`);
      const { '__Host-halogate': session } = person.cookies(url);
      if (session === undefined) throw new Error(`${who} was not signed in: ${page.status} ${page.body}`);
      return `__Host-halogate=${session}`;
    },
    audits: (what, count) => waitForAudits(gateway, what, count),
  };
}

async function send(address: string, halo: Halo, request: string, ask: Ask = {}): Promise<Reply> {
  const [, method = '', host = '', rest = ''] = /^(\S+) https:\/\/([^/?]+)(.*)$/s.exec(request) ?? [];
  if (host === '') throw new Error(`No request: ${request}`);
  const body = ask.body === undefined ? undefined : Buffer.from(ask.body);
  const fields = {
    host,
    connection: 'close',
    ...(ask.cookie === undefined ? {} : { cookie: ask.cookie }),
    ...(body === undefined || ask.chunks ? {} : { 'content-length': String(body.length) }),
    ...(ask.chunks ? { 'transfer-encoding': 'chunked' } : {}),
    ...ask.headers,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${ask.target ?? rest} HTTP/1.1\r\n${lines.join('')}\r\n`;
  const content = body === undefined ? Buffer.alloc(0) : ask.chunks ? chunked(body, ask.chunks) : body;
  halo.clear();
  const upgraded = (text: string) => text.startsWith('HTTP/1.1 101');
  const { text, statuses } = await sendRaw(address, Buffer.concat([Buffer.from(head, 'latin1'), content]), upgraded);
  const arrived = halo.received.at(-1);
  const names = (arrived?.rawHeaders ?? []).filter((_, at) => at % 2 === 0).map(name => name.toLowerCase());
  return {
    status: statuses.at(-1) ?? 0,
    code: /"code":"([A-Z_]+)"/.exec(text)?.[1],
    text,
    arrived,
    identified: names.some(name => name.startsWith('x-halo-') || name === 'x-forwarded-user'),
  };
}

function chunked(body: Buffer, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const part = body.subarray(at, at + size);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

async function waitForAudits(gateway: RunningGateway, what: string, count: number): Promise<readonly AuditLine[]> {
  const lines = await gateway.logged([AUDIT_MARK, `:"${what}"`], count);
  return lines.map(readAuditLine);
}
