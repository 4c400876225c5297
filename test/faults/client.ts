import { type IncomingMessage, request as open } from 'node:http';
import { WebSocket } from 'ws';
import type { Cluster, SignedIn } from './cluster.ts';
import type { Entry, Ledger, Result } from './ledger.ts';
import type { Told } from './upstream.ts';

/** Milliseconds after which an answer is not waited for any longer. */
const PATIENCE = 15_000;

export type Kind = 'page' | 'read' | 'write';

/** What a browser asks for a session. Every answer goes into the ledger. */
export interface Client {
  /** @param at one of the gateways; default the common address */
  ask(who: SignedIn, kind: Kind, at?: string): Promise<Entry>;
  /** Opens a WebSocket, which answers each message; undefined where it was refused. */
  openSocket(who: SignedIn, at?: string): Promise<OpenSocket | undefined>;
  /** Signs out. @returns when the answer was there, and its status */
  signOut(who: SignedIn, at: string): Promise<{ readonly at: number; readonly status: number }>;
}

export interface OpenSocket {
  /** Sends a message, without waiting for the answer. */
  say(): void;
  /** How and when it ended. */
  readonly closed: Promise<Entry>;
  /** Ends it, unaccounted for. */
  drop(): void;
}

export function createClient({ origin, address }: Cluster, ledger: Ledger): Client {
  const host = new URL(origin).host;
  const common = (who: SignedIn) => ({ host, cookie: `halogate=${who.cookie}` });
  const note = (entry: Omit<Entry, 'at' | 'setCookies'> & Partial<Entry>): Entry => {
    const full = { at: performance.now(), setCookies: [], ...entry };
    ledger.add(full);
    return full;
  };

  async function ask(who: SignedIn, kind: Kind, at = address): Promise<Entry> {
    const sent = performance.now();
    const headers = { ...common(who), ...FIELDS[kind], origin };
    try {
      const { answer, body } = await send(`${at}${PATHS[kind]}`, kind === 'write' ? 'POST' : 'GET', headers);
      return note({ who, what: kind, sent, ...read(answer), ...toldIn(answer, body) });
    } catch (error) {
      return note({ who, what: kind, sent, result: error instanceof LateError ? 'too late' : 'cut' });
    }
  }

  function openSocket(who: SignedIn, at = address): Promise<OpenSocket | undefined> {
    const sent = performance.now();
    const socket = new WebSocket(`${at.replace('http', 'ws')}/hub/live`, {
      headers: common(who),
      origin,
      handshakeTimeout: PATIENCE,
    });
    let dropped = false;
    let refusal: IncomingMessage | undefined;
    const sentAt: number[] = [];
    socket.on('error', () => {});
    socket.on('unexpected-response', (_, answer) => {
      refusal = answer;
      answer.resume();
      socket.terminate();
    });
    socket.on('message', data => {
      const told = JSON.parse(String(data)) as Told;
      note({ who, what: 'message', sent: sentAt.shift() ?? sent, result: 'message', told });
    });
    return new Promise(resolve => {
      socket.once('close', () => {
        if (socket.readyState === WebSocket.CLOSED && !opened && !dropped) {
          note({ who, what: 'handshake', sent, ...(refusal ? read(refusal) : { result: 'cut' }) });
          resolve(undefined);
        }
      });
      let opened = false;
      socket.once('open', () => {
        opened = true;
        note({ who, what: 'handshake', sent, result: 101 });
        const closed = new Promise<Entry>(ended => {
          socket.once('close', code => {
            const entry = { who, what: 'socket', sent, at: performance.now(), setCookies: [] };
            const result: Result = `closed ${code}`;
            ended(dropped ? { ...entry, result } : note({ ...entry, result }));
          });
        });
        resolve({
          say() {
            if (socket.readyState !== WebSocket.OPEN) return;
            sentAt.push(performance.now());
            socket.send('who am I?');
          },
          closed,
          drop() {
            dropped = true;
            socket.terminate();
          },
        });
      });
    });
  }

  return {
    ask,
    openSocket,
    async signOut(who, at) {
      const headers = { ...common(who), ...FIELDS.page, origin, 'sec-fetch-site': 'same-origin' };
      const { answer } = await send(`${at}/.halogate/sign-out`, 'POST', headers);
      return { at: performance.now(), status: answer.statusCode ?? 0 };
    },
  };
}

const PATHS = { page: '/ticket', read: '/api/tickets', write: '/api/tickets' };
const FIELDS = {
  page: { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' },
  read: { accept: 'application/json', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' },
  write: { accept: 'application/json', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' },
};

class LateError extends Error {}

function read({ statusCode = 0, headers }: IncomingMessage) {
  return {
    result: statusCode,
    setCookies: headers['set-cookie'] ?? [],
    ...(headers.location === undefined ? {} : { location: headers.location }),
    ...(headers['retry-after'] === undefined ? {} : { retryAfter: headers['retry-after'] }),
  };
}

function toldIn({ statusCode = 0 }: IncomingMessage, body: string): { readonly told?: Told } {
  return statusCode === 200 || statusCode === 201 ? { told: JSON.parse(body) as Told } : {};
}

/** One request on a connection of its own, so that each may meet another gateway. */
function send(url: string, method: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ readonly answer: IncomingMessage; readonly body: string }>((resolve, reject) => {
    const request = open(url, { method, headers, agent: false, signal: AbortSignal.timeout(PATIENCE) }, answer => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', chunk => {
        body += chunk;
      });
      answer.once('end', () => resolve({ answer, body }));
      answer.once('error', reject);
    });
    request.once('error', error => reject(error.name === 'AbortError' ? new LateError() : error));
    request.end(method === 'POST' ? '[{"summary":"A ticket"}]' : undefined);
  });
}
