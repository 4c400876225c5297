import Type from 'typebox';
import { defaults } from '../defaults.ts';
import { bridge } from './bridge.ts';
import { connections } from './connections.ts';
import { halo } from './halo.ts';
import { identity } from './identity.ts';
import { audit, drain, limits, log, pages, timeouts, tls, tracing } from './operations.ts';
import { portals } from './portals.ts';
import { addressRange, duration, list, listenAddress, section } from './primitives.ts';
import { emergency, routes } from './routes.ts';
import { session } from './session.ts';

export { secretReferenceTitle } from './primitives.ts';

const settings = section(
  {
    version: Type.Literal(1, { description: 'The version of these settings.' }),
    listen: Type.Optional(listenAddress({ description: 'The public listener, HTTP/1.1.', default: defaults.listen })),
    opsListen: Type.Optional(
      listenAddress({
        description: 'Health, metrics and status; never on the public listener.',
        default: defaults.opsListen,
      }),
    ),
    tls: Type.Optional(tls),
    trustedProxies: Type.Optional(
      list(addressRange({ description: 'An address or a range.' }), {
        description: "Whose X-Forwarded-For counts; the client is the rightmost untrusted address. Default: nobody's.",
        default: [],
      }),
    ),
    halo,
    portals,
    connections,
    routes: Type.Optional(routes),
    emergency: Type.Optional(emergency),
    session,
    identity: Type.Optional(identity),
    bridge: Type.Optional(bridge),
    limits: Type.Optional(limits),
    timeouts: Type.Optional(timeouts),
    drain: Type.Optional(drain),
    storeReadiness: Type.Optional(
      duration({ description: 'How long without the store until /readyz says 503.', default: defaults.storeReadiness }),
    ),
    pages: Type.Optional(pages),
    log: Type.Optional(log),
    audit: Type.Optional(audit),
    tracing: Type.Optional(tracing),
  },
  { description: 'Settings of Halogate.' },
);

/** The settings as they are written, once their structure has been found right. */
export type Settings = Type.Static<typeof settings>;
export type PortalSettings = Settings['portals'][number];
export type ConnectionSettings = Settings['connections'][number];
export type UpstreamSettings = Settings['halo']['upstream'];
/** A literal, or the place where the secret is kept. */
export type Secret = NonNullable<ConnectionSettings['credential']['secret']>;

/** The JSON Schema (draft 2020-12) of the settings, for editors and for validation. A fresh object with each call. */
export function settingsJsonSchema(): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Halogate settings',
    ...JSON.parse(JSON.stringify(settings)),
  };
}
