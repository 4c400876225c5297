import type { IncomingMessage, ServerResponse } from 'node:http';

/** Reads a whole body. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The query of a raw request target. */
export function queryOf(request: IncomingMessage): URLSearchParams {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  return new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1));
}

/** The cookies of a request; of a name that comes twice, the first. */
export function cookiesOf(request: IncomingMessage): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const mark = part.indexOf('=');
    const name = part.slice(0, mark).trim();
    if (mark > 0 && !cookies.has(name)) cookies.set(name, part.slice(mark + 1).trim());
  }
  return cookies;
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(value));
}

/** Answers with a page. */
export function sendHtml(response: ServerResponse, status: number, html: string): void {
  send(response, status, 'text/html; charset=utf-8', html);
}

/** Answers with a 302 to `location`. */
export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location, 'cache-control': 'no-store' });
  response.end();
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'content-type': type, 'content-length': length, 'cache-control': 'no-store' });
  response.end(body);
}
