import { loadSettings } from '../config/index.ts';
import { type Registration, registrationsOf } from '../signin/index.ts';
import { BAD_CONFIGURATION } from './exit-status.ts';
import { printFindings } from './settings.ts';
import { type Streams, standardStreams } from './streams.ts';

/**
 * `halogate redirect-uris`: prints what to register at the providers, ready to paste. Reads no secret and no certificate: an app
 * registration has its addresses before it has a secret.
 * @param args `config` is the settings file; `json` prints the same as an array of registrations
 * @returns the exit status: 0, or 78 for bad settings
 */
export async function redirectUris(
  args: { readonly config: string; readonly json: boolean },
  { out, err }: Streams = standardStreams,
): Promise<number> {
  const { layout, findings } = await loadSettings(args.config, { static: true });
  if (!layout) {
    printFindings(findings, err);
    return BAD_CONFIGURATION;
  }
  const registrations = registrationsOf(layout);
  out(args.json ? `${JSON.stringify(registrations, null, 2)}\n` : registrations.map(describe).join('\n\n'));
  return 0;
}

/** A registration in words, each address on a line of its own. */
function describe(registration: Registration): string {
  const { redirectUris, warnings } = registration;
  const sections = [
    headOf(registration),
    section(
      registration.provider === 'entra' ? 'Redirect URIs, platform Web:' : 'Redirect URIs:',
      redirectUris.map(({ uri }) => uri),
    ),
    ...(registration.provider === 'entra' ? entraSections(registration) : otherSections(registration)),
    'Letter case and slashes count: paste each address as it stands.',
    ...warnings.map(warning => `Warning: ${warning}`),
  ];
  return `${sections.join('\n\n')}\n`;
}

function headOf({ provider, at, clientId, connections }: Registration): string {
  const names = connections.map(({ name, published }) => (published ? name : `${name} (not published)`));
  const title = provider === 'entra' ? 'App registration' : 'Client';
  return `${title} ${clientId} at ${at}\nConnections: ${names.join(', ')}`;
}

function entraSections({ signedOutUris, importUris, frontChannelUri }: Registration): readonly string[] {
  return [
    section('Where signing out leads, redirect URIs of platform Web too:', signedOutUris),
    ...(importUris.length === 0
      ? []
      : [section('Where Halo imports users or agents with this registration, one more of platform Web:', importUris)]),
    section('Front-channel logout URL; a registration has one, and it serves every portal host:', [frontChannelUri]),
  ];
}

function otherSections({ signedOutUris, frontChannelUri, backChannelUri }: Registration): readonly string[] {
  return [
    section('Post-logout redirect URIs:', signedOutUris),
    ...(backChannelUri === undefined
      ? []
      : [
          section('Back-channel logout URI, where the provider has it; it serves every portal host:', [backChannelUri]),
        ]),
    section('Front-channel logout URI, where it has no back-channel:', [frontChannelUri]),
  ];
}

function section(title: string, uris: readonly string[]): string {
  return [title, ...uris].join('\n');
}
