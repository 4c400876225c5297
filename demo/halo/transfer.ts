import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendJson } from '../web/index.ts';
import type { Context, Route } from './context.ts';

const CHUNK = Buffer.alloc(64 * 1024, 'halo-');

/** Large, slow and broken answers. */
export const TRANSFER_ROUTES: readonly Route[] = [
  { methods: ['GET'], path: '/api/events', act: events },
  { methods: ['GET'], path: '/api/download', act: download },
  { methods: ['POST', 'PUT'], path: '/api/upload', act: upload },
  { methods: ['*'], path: '/api/slow', act: slow },
  { methods: ['*'], path: '/api/status', act: status },
  { methods: ['*'], path: '/api/reset', act: reset },
  { methods: ['*'], path: '/api/hang', act: hang },
];

/** Server-sent events: the first at once, then one every `every` ms; with `count` the stream ends, else it does not. */
async function events({ response, query }: Context): Promise<void> {
  const count = number(query, 'count', Number.POSITIVE_INFINITY);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (let id = 1; id <= count && !response.destroyed; id++) {
    response.write(`id: ${id}\nevent: ticket\ndata: {"id":${1041 + id}}\n\n`);
    if (id < count) await sleep(number(query, 'every', 1000), undefined, { ref: false });
  }
  response.end();
}

/** `bytes` bytes with their length; `chunked=1` leaves the length out. */
async function download({ request, response, query }: Context): Promise<void> {
  const bytes = number(query, 'bytes', 1024);
  response.setHeader('content-type', 'application/octet-stream');
  if (!query.has('chunked')) response.setHeader('content-length', bytes);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  // A client that leaves in the middle is the client's right.
  await pipeline(Readable.from(pieces(bytes)), response).catch(() => response.destroy());
}

function* pieces(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= CHUNK.length) yield CHUNK.subarray(0, left);
}

async function upload({ request, response }: Context): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of request) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  sendJson(response, 200, { bytes, sha256: hash.digest('hex') });
}

async function slow({ response, query }: Context): Promise<void> {
  const ms = number(query, 'ms', 1000);
  await sleep(ms, undefined, { ref: false });
  sendJson(response, 200, { waited: ms });
}

function status({ response, query }: Context): void {
  sendJson(response, number(query, 'code', 500), { status: number(query, 'code', 500) });
}

/** Promises a body, sends a part of it, and resets the connection. */
function reset({ response }: Context): void {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 1_000_000 });
  response.write('the beginning of an answer that', () => response.socket?.resetAndDestroy());
}

/** Never answers; the connection ends with the client or the stand-in. */
function hang(): void {}

function number(query: URLSearchParams, name: string, otherwise: number): number {
  const value = query.get(name);
  return value === null || value === '' || !(Number(value) >= 0) ? otherwise : Number(value);
}
