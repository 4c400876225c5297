import type { Layout } from '../config/index.ts';
import { IMPORT_CALLBACK } from '../portals/index.ts';
import { BACK_CHANNEL, FRONT_CHANNEL, redirectUri, SIGNED_OUT } from './addresses.ts';

/** How many redirect URIs Entra takes in one app registration, and how many characters in each. */
const MOST_URIS = 256;
const LONGEST_URI = 256;

type Connection = Layout['connections'][number];
type Portal = Layout['portals'][number];

/** What is to be registered for one client at one provider. */
export interface Registration {
  readonly provider: Connection['provider'];
  /** The authority of Entra, the issuer of another provider. */
  readonly at: string;
  readonly clientId: string;
  readonly connections: readonly { readonly name: string; readonly published: boolean }[];
  /** Where sign-ins come back, and for which portals. */
  readonly redirectUris: readonly { readonly uri: string; readonly portals: readonly string[] }[];
  /** Where signing out comes back; at Entra these are redirect URIs too. */
  readonly signedOutUris: readonly string[];
  /** Where Halo's own import comes back, a redirect URI as well; of Entra alone. */
  readonly importUris: readonly string[];
  /** A registration takes one; whichever host it names, it ends the sessions of all. */
  readonly frontChannelUri: string;
  /** Entra has none. */
  readonly backChannelUri?: string;
  /** What of it the provider would refuse, each a sentence. */
  readonly warnings: readonly string[];
}

/**
 * What the settings need to be registered, by app registration: connections with one client at one provider share it. Connections
 * that are not published are among them, for publishing is the last step.
 */
export function registrationsOf(layout: Layout): readonly Registration[] {
  const groups = Map.groupBy(layout.connections, ({ provider, authority, issuer, clientId }) =>
    JSON.stringify([provider, authority ?? issuer, clientId]),
  );
  return [...groups.values()].flatMap(connections => {
    const [first] = connections;
    const portals = layout.portals.filter(({ name }) => connections.some(({ portals }) => portals.includes(name)));
    const [origin] = portals.map(portal => portal.origin);
    return first && origin ? [registration(layout, first, connections, portals, origin)] : [];
  });
}

function registration(
  layout: Layout,
  { provider, authority, issuer, clientId }: Connection,
  connections: readonly Connection[],
  portals: readonly Portal[],
  origin: string,
): Registration {
  const isEntra = provider === 'entra';
  const byUri = Map.groupBy(portals, portal => redirectUri(portal, layout.authPath));
  const agents = isEntra ? layout.portals.filter(({ kind }) => kind === 'agent') : [];
  const addresses = {
    redirectUris: [...byUri].map(([uri, served]) => ({ uri, portals: served.map(({ name }) => name) })),
    signedOutUris: distinct(portals.map(portal => portal.origin + SIGNED_OUT)),
    importUris: distinct(agents.map(portal => portal.origin + IMPORT_CALLBACK)),
  };
  return {
    provider,
    at: authority ?? issuer,
    clientId,
    connections: connections.map(({ name, published }) => ({ name, published })),
    ...addresses,
    frontChannelUri: origin + FRONT_CHANNEL,
    ...(isEntra ? {} : { backChannelUri: origin + BACK_CHANNEL }),
    warnings: isEntra ? refusedByEntra([...byUri.keys(), ...addresses.signedOutUris, ...addresses.importUris]) : [],
  };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** What Entra refuses as a redirect URI (Microsoft identity platform, Redirect URI restrictions and limitations). */
function refusedByEntra(uris: readonly string[]): readonly string[] {
  const plain = uris.filter(uri => new URL(uri).protocol === 'http:' && new URL(uri).hostname !== 'localhost');
  const long = uris.filter(uri => uri.length > LONGEST_URI);
  return [
    ...(plain.length > 0
      ? [`Entra takes http:// for localhost alone, everything else must be https: ${list(plain)}`]
      : []),
    ...(uris.length > MOST_URIS
      ? [
          `Entra takes ${MOST_URIS} redirect URIs in one app registration; these are ${uris.length}. Give some portals a connection with a registration of its own.`,
        ]
      : []),
    ...(long.length > 0 ? [`Entra takes ${LONGEST_URI} characters in a redirect URI: ${list(long)}`] : []),
  ];
}

function list(uris: readonly string[]): string {
  return `${uris.join(', ')}.`;
}
