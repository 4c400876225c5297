import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what systems hand out by themselves (32768 on Linux): there a connection of somebody else's could take it first. */
const LOWEST = 10_240;
const HIGHEST = 32_767;

/**
 * A port that was free a moment ago: for what must be known before a program listens.
 * @param offset of a second port, which the program takes as well
 */
export async function freePort(offset = 0): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST + 1 - offset);
    if ((await isFree(port)) && (await isFree(port + offset))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}
