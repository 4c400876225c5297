import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inMemory, type RedisProcess, startProcess, type Teardown } from './redis-process.ts';

/** Where the certificates lie: of an authority of its own, of a server that is `localhost` and `redis.internal`, of a client. */
export const TLS_FILES = {
  ca: path('redis-ca.crt'),
  cert: path('redis-client.crt'),
  key: path('redis-client.key'),
};
/** What is in them. */
export const TLS = { ca: read(TLS_FILES.ca), cert: read(TLS_FILES.cert), key: read(TLS_FILES.key) };

/** The settings by which a server takes nothing but TLS, and, if need be, nobody without a certificate of the authority. */
export function tlsSettings(port: number, clients: 'any' | 'certified'): readonly string[] {
  return [
    ...['--port', '0', '--tls-port', `${port}`, '--tls-replication', 'yes', '--tls-cluster', 'yes'],
    ...['--tls-cert-file', path('redis-server.crt'), '--tls-key-file', path('redis-server.key')],
    ...['--tls-ca-cert-file', TLS_FILES.ca, '--tls-auth-clients', clients === 'certified' ? 'yes' : 'no'],
  ];
}

/**
 * @param t the test with which it stops
 * @param settings more of its command line
 */
export function startTlsRedis(
  t: Teardown,
  clients: 'any' | 'certified',
  settings: readonly string[] = [],
): Promise<RedisProcess> {
  return startProcess(t, {
    args: (port, directory) => [...inMemory(port, directory), ...tlsSettings(port, clients), ...settings],
    tls: { ...TLS, servername: 'localhost' },
  });
}

function path(name: string): string {
  return fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
