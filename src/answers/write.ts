import type { ServerResponse } from 'node:http';
import type { Answer, Field } from './answer.ts';

/** `max-age` of a year: once an https portal was seen, its people are not led to it over http again. */
export const HSTS: Field = ['Strict-Transport-Security', 'max-age=31536000'];

/**
 * Writes an answer whole.
 * @param close ends the connection after it: the request's body has not been read, or the gateway is draining
 */
export function writeAnswer(response: ServerResponse, answer: Answer, close: boolean): void {
  const body = Buffer.from(answer.body);
  const fields = [...answer.headers.flat(), 'Content-Length', String(body.length)];
  if (close) fields.push('Connection', 'close');
  response.writeHead(answer.status, fields);
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
