import type { IncomingMessage } from 'node:http';

/** A request as it arrived. */
export interface Received {
  readonly method: string;
  /** The request target, byte for byte. */
  readonly target: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  /** Bytes of the body so far. */
  readonly bodySize: number;
  /** The first 128 KiB of the body, byte for byte. */
  readonly body: Buffer;
  /** The first KiB of the body. */
  readonly bodyStart: string;
  /** The value of a header, in any letter case, as UTF-8; of several, joined by a comma. */
  header(name: string): string | undefined;
}

const KEPT = 128 * 1024;
const START = 1024;

/** Records a request while its body arrives. */
export function record(request: IncomingMessage): Received {
  let size = 0;
  const kept: Buffer[] = [];
  request.on('data', (chunk: Buffer) => {
    if (size < KEPT) kept.push(chunk.subarray(0, KEPT - size));
    size += chunk.length;
  });
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    rawHeaders: request.rawHeaders,
    get bodySize() {
      return size;
    },
    get body() {
      return Buffer.concat(kept);
    },
    get bodyStart() {
      return Buffer.concat(kept).toString('utf8', 0, START);
    },
    header: name => headerOf(request.rawHeaders, name),
  };
}

/** The header fields in pairs, values read as UTF-8. */
export function headerPairs(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? '', Buffer.from(rawHeaders[index + 1] ?? '', 'latin1').toString('utf8')]);
  }
  return pairs;
}

function headerOf(rawHeaders: readonly string[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  const values = headerPairs(rawHeaders).filter(([field]) => field.toLowerCase() === wanted);
  return values.length > 0 ? values.map(([, value]) => value).join(', ') : undefined;
}
