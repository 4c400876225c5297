import { connectionTo } from '../../demo/connection.ts';
import { CLIENT } from '../../demo/entra/index.ts';
import type { Values } from '../chart/helm.ts';
import { SESSION_SECRET } from '../support/world.ts';

/** Where everything is that an installation has to be told of. */
export interface Addresses {
  /** The origin of the provider. */
  readonly authority: string;
  readonly haloPort: number;
  readonly redisPort: number;
  /** What the container listens on. */
  readonly port: number;
  readonly opsPort: number;
  readonly servicePort: number;
}

/** The client address that an ingress tells of. */
export const CLIENT_ADDRESS = '192.0.2.7';

/** What the Secret holds, none of which may be written anywhere. */
export const SECRET = {
  'entra-client-secret': CLIENT.secret,
  HALOGATE_SESSION_SECRET: SESSION_SECRET,
  'redis-password': 'p4ssw0rd-of-redis',
};

/** Values as somebody writes them who runs two replicas with a Redis that asks for a password, behind an ingress that ends TLS. */
export function valuesFor({ authority, haloPort, redisPort, port, opsPort, servicePort }: Addresses) {
  return {
    replicaCount: 2,
    image: { registry: 'registry.example.com/platform' },
    existingSecret: 'halogate',
    existingSecretKeys: { ENTRA_CLIENT_SECRET: 'entra-client-secret' },
    existingSecretMountPath: '/secrets',
    hostAliases: [{ ip: '127.0.0.1', hostnames: ['halo.internal', 'redis.internal'] }],
    service: { port: servicePort },
    config: {
      listen: `0.0.0.0:${port}`,
      opsListen: `0.0.0.0:${opsPort}`,
      trustedProxies: ['127.0.0.1/32'],
      halo: { upstream: `http://halo.internal:${haloPort}` },
      portals: [
        { name: 'agents', kind: 'agent', url: 'https://halo.example.com' },
        { name: 'customers', kind: 'user', url: 'https://halo.example.com/portal' },
      ],
      connections: [{ ...connectionTo(authority), credential: { secret: { env: 'ENTRA_CLIENT_SECRET' } } }],
      session: {
        secret: { env: 'HALOGATE_SESSION_SECRET' },
        redis: { url: `redis://redis.internal:${redisPort}`, password: { file: '/secrets/redis-password' } },
      },
    },
  } satisfies Values;
}
