import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

const HIGHEST = 65_535;
const STEP = 10;

/** Whether nobody listens on a port of this machine's loopback address. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return free;
}

/** A free port near one that is taken, and not the next, which may well be meant for something else. */
export async function otherPort(taken: number): Promise<number> {
  for (let port = taken + STEP; port <= HIGHEST; port += STEP) if (await isFree(port)) return port;
  return anyPort();
}

/** A port that was free a moment ago. */
export async function anyPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
