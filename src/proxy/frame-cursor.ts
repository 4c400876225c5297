/**
 * Follows a stream of WebSocket frames (RFC 6455 section 5.2) far enough to know where one ends and the next begins, which is where a
 * close frame may be put. It holds no payload and changes nothing: the stream passes as it came.
 */
export class FrameCursor {
  /** The bytes of a header that is not whole yet. */
  #header: number[] = [];
  /** Bytes of the current frame's payload that are still to come. */
  #left = 0;

  /** Between two frames. */
  get atBoundary(): boolean {
    return this.#left === 0 && this.#header.length === 0;
  }

  /**
   * Takes the next bytes of the stream.
   * @returns how many of them belong to the frame that was under way, or to the first one: after so many there is a boundary; -1
   *   where the chunk ends before that
   */
  push(chunk: Buffer): number {
    let first = -1;
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, chunk.length - at);
        this.#left -= taken;
        at += taken;
      } else {
        this.#header.push(chunk[at] ?? 0);
        at += 1;
        const payload = payloadLength(this.#header);
        if (payload === undefined) continue;
        this.#header = [];
        this.#left = payload;
      }
      if (first < 0 && this.atBoundary) first = at;
    }
    return first;
  }
}

/** The length that a header tells, its masking key included; undefined while the header is not whole. */
function payloadLength(header: readonly number[]): number | undefined {
  const second = header[1];
  if (second === undefined) return undefined;
  const short = second & 0x7f;
  const mask = second & 0x80 ? 4 : 0;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (header.length < 2 + extended + mask) return undefined;
  if (extended === 0) return short;
  return header.slice(2, 2 + extended).reduce((length, byte) => length * 256 + byte, 0);
}

/** An unmasked close frame, as a server sends it (RFC 6455 section 5.5.1). @param reason at most 123 bytes */
export function closeFrame(code: number, reason: string): Buffer {
  const text = Buffer.from(reason).subarray(0, 123);
  const head = Buffer.from([0x88, text.length + 2, code >> 8, code & 0xff]);
  return Buffer.concat([head, text]);
}
