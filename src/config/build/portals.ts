import { parseOrigin, parsePortalAddress } from '../addresses.ts';
import type { Portal, Upstream } from '../config.ts';
import type { TlsMaterial } from '../outside.ts';
import type { PortalSettings } from '../schema/index.ts';
import { found } from './found.ts';
import { buildUpstream } from './upstream.ts';

export function buildPortal(settings: PortalSettings, tls: TlsMaterial, haloUpstream: Upstream): Portal {
  const upstream = settings.upstream === undefined ? haloUpstream : buildUpstream(settings.upstream, tls);
  return { ...describePortal(settings), upstream };
}

/** A portal without what lies outside the settings. */
export function describePortal(settings: PortalSettings): Omit<Portal, 'upstream'> {
  const { origin, host, path, secure } = found(parsePortalAddress(settings.url).value);
  return {
    name: settings.name,
    kind: settings.kind,
    url: origin + path,
    origin,
    host,
    path,
    secure,
    anonymous: settings.anonymous ?? false,
    nativeSignIn: settings.nativeSignIn ?? false,
    origins: (settings.origins ?? []).map(text => found(parseOrigin(text).value).origin),
  };
}
