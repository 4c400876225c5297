import type { Server } from 'node:http';
import type { ListenAddress } from '../config/index.ts';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'the port may not be opened by this user',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name is unknown',
};

/** Where an address to listen on stands in the settings. */
type ListenSetting = 'listen' | 'opsListen';

/** An address cannot be listened on; the message is a whole line for the operator. */
export class ListenError extends Error {
  constructor({ host, port }: ListenAddress, setting: ListenSetting, cause: NodeJS.ErrnoException) {
    const reason = REASONS[cause.code ?? ''] ?? cause.message;
    super(`Cannot listen on ${addressText(host, port)} (the setting ${setting}): ${reason}.`, { cause });
    this.name = 'ListenError';
  }
}

/**
 * Makes a server listen. The server itself rather than Fastify's `listen`, which would answer 503 as soon as it is told to close and
 * may open a second server for `localhost`: when the gateway stops listening is the drain's to say.
 * @param setting where the address stands in the settings, for the error
 * @returns the address in use, `host:port`, with the port that the system chose where 0 was asked for
 * @throws ListenError
 */
export async function listen(server: Server, address: ListenAddress, setting: ListenSetting): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(new ListenError(address, setting, error));
    server.once('error', fail);
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const bound = server.address();
  return bound === null || typeof bound === 'string'
    ? addressText(address.host, address.port)
    : addressText(bound.address, bound.port);
}

function addressText(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
