import type { Duplex } from 'node:stream';
import { closeFrame, FrameCursor } from './frame-cursor.ts';

/** How long a peer has to end its side after a close frame, in milliseconds. */
const CLOSE_TIME = 1000;

/** An open WebSocket: bytes pass both ways, untouched and no faster than they are taken. */
export interface Tunnel {
  /**
   * Ends it with a close frame to the client, at the next frame boundary (RFC 6455 section 7.4.1).
   * @param code 1001 going away, 1008 policy violation
   */
  close(code: 1001 | 1008, reason: string): void;
  /** Resolves when both sides are gone. */
  readonly closed: Promise<void>;
}

/** Joins a client and Halo after the 101. Whatever happens to one of them ends the other. */
export function openTunnel(client: Duplex, upstream: Duplex): Tunnel {
  const cursor = new FrameCursor();
  let ending: Buffer | undefined;

  carry(client, upstream, chunk => upstream.write(chunk));
  carry(upstream, client, chunk => {
    const boundary = cursor.push(chunk);
    if (!ending) return client.write(chunk);
    if (boundary < 0) return client.write(chunk);
    client.write(chunk.subarray(0, boundary));
    finish(ending);
    return true;
  });

  function finish(frame: Buffer): void {
    upstream.removeAllListeners('data');
    upstream.destroy();
    client.end(frame);
  }

  for (const [side, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    side.on('error', () => side.destroy());
    side.once('close', () => {
      // After a close frame the client ends its own side; whatever else ends one side ends both.
      if (!(ending && side === upstream)) other.destroy();
    });
  }

  return {
    close(code, reason) {
      if (ending) return;
      ending = closeFrame(code, reason);
      setTimeout(() => {
        client.destroy();
        upstream.destroy();
      }, CLOSE_TIME).unref();
      if (cursor.atBoundary) finish(ending);
    },
    closed: Promise.all([gone(client), gone(upstream)]).then(() => {}),
  };
}

/** Passes on what one side sends, and lets it wait while the other does not take it. */
function carry(from: Duplex, to: Duplex, write: (chunk: Buffer) => boolean): void {
  from.on('data', (chunk: Buffer) => {
    if (write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  from.once('end', () => to.end());
}

function gone(side: Duplex): Promise<void> {
  return side.destroyed ? Promise.resolve() : new Promise(resolve => side.once('close', () => resolve()));
}
