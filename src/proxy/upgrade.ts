import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import type { Config, Portal, Upstream } from '../config/index.ts';
import type { Target } from '../portals/index.ts';
import { answerHeaders } from './answer-headers.ts';
import type { ForwardFailure, RawHeaders } from './api.ts';
import { createRequestHeaders } from './request-headers.ts';
import { openTunnel, type Tunnel } from './tunnel.ts';

/** A WebSocket upgrade that was let through, and as whom. */
export interface Upgrading {
  readonly request: IncomingMessage;
  /** The client's connection, from the `upgrade` event. */
  readonly socket: Duplex;
  /** What the client sent behind the request's head. */
  readonly head: Buffer;
  readonly portal: Portal;
  readonly target: Target;
  readonly client: string;
  readonly identity: RawHeaders;
}

/** Nothing has been written to the client where it failed. */
export type UpgradeResult = { readonly tunnel: Tunnel } | { readonly failure: ForwardFailure };

/** Dials Halo first; the client sees its 101 when Halo has answered with one. Never rejects. */
export type Upgrade = (upgrading: Upgrading) => Promise<UpgradeResult>;

/** @param config where Halo is, how long it may take, and which headers tell who somebody is */
export function createUpgrade(config: Pick<Config, 'halo' | 'identity' | 'tracing'>): Upgrade {
  const { halo } = config;
  const requestHeaders = createRequestHeaders(config);

  return ({ request, socket, head, portal, target, client, identity: fields }) =>
    new Promise(resolve => {
      // Gone while it was decided: its `close` has been and will not come again.
      if (socket.destroyed) return resolve({ failure: { code: 'CLIENT_GONE', reason: 'client-gone' } });
      const headers = [
        ...requestHeaders(request.rawHeaders, portal, client, fields),
        ...['Connection', 'Upgrade', 'Upgrade', 'websocket'],
      ];
      const dial = dialTo(portal.upstream, target, headers);
      const late = setTimeout(() => fail('UPSTREAM_TIMEOUT', 'headers-timeout'), halo.timeout);
      socket.once('close', gone).once('error', gone);

      dial
        .once('error', (error: NodeJS.ErrnoException) => fail('UPSTREAM_UNREACHABLE', error.code ?? error.name))
        .once('response', answer => {
          answer.resume();
          fail('UPSTREAM_UNREACHABLE', `answered-${answer.statusCode}`);
        })
        .once('upgrade', (answer, upstream, upstreamHead) => {
          if (answer.headers.upgrade?.toLowerCase() !== 'websocket') {
            upstream.destroy();
            return fail('UPSTREAM_UNREACHABLE', 'another-protocol');
          }
          settle();
          socket.write(answerHead(answer, portal.secure), 'latin1');
          const tunnel = openTunnel(socket, upstream);
          if (head.length > 0) socket.unshift(head);
          if (upstreamHead.length > 0) upstream.unshift(upstreamHead);
          resolve({ tunnel });
        })
        .end();

      function gone(): void {
        fail('CLIENT_GONE', 'client-gone');
      }
      function fail(code: ForwardFailure['code'], reason: string): void {
        settle();
        dial.on('error', () => {}).destroy();
        resolve({ failure: { code, reason } });
      }
      function settle(): void {
        clearTimeout(late);
        socket.off('close', gone).off('error', gone);
      }
    });
}

/** A connection of its own for each WebSocket; the certificate of an https upstream is verified always. */
function dialTo(upstream: Upstream, { path, query }: Target, headers: readonly string[]): http.ClientRequest {
  const { hostname, port, protocol } = new URL(upstream.origin);
  const { ca, cert, key, servername } = upstream;
  return (protocol === 'https:' ? https : http).request({
    agent: false,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    method: 'GET',
    path: path + query,
    headers: [...headers],
    setHost: false,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined ? {} : { servername }),
  });
}

function answerHead(answer: IncomingMessage, secure: boolean): string {
  const fields = ['Connection', 'Upgrade', 'Upgrade', 'websocket', ...answerHeaders(answer.rawHeaders, secure)];
  const lines = fields.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${fields[at + 1]}`] : []));
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`;
}
