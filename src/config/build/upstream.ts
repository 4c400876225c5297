import { parseOrigin } from '../addresses.ts';
import type { Upstream } from '../config.ts';
import type { TlsMaterial } from '../outside.ts';
import type { UpstreamSettings } from '../schema/index.ts';
import { found } from './found.ts';

export function buildUpstream(settings: UpstreamSettings, tls: TlsMaterial): Upstream {
  const { url, servername } = typeof settings === 'string' ? { url: settings, servername: undefined } : settings;
  return { origin: found(parseOrigin(url).value).origin, ...tls, ...(servername === undefined ? {} : { servername }) };
}
