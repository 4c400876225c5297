import type { Connection, EntryRule, Portal, PortalKind } from '../config.ts';
import { defaults } from '../defaults.ts';
import type { ConnectionSettings } from '../schema/index.ts';
import { allows, servedPortals } from '../serving.ts';
import { found } from './found.ts';

export function buildConnection(settings: ConnectionSettings, secret: string, portals: readonly Portal[]): Connection {
  const { prompt, loginHint, domainHint } = settings;
  const agents = entryRule(settings, 'agent');
  const users = entryRule(settings, 'user');
  return {
    name: settings.name,
    published: settings.published,
    ...provider(settings),
    clientId: settings.clientId,
    credential: { secret },
    allow: settings.allow,
    autoRedirect: settings.autoRedirect,
    scope: settings.scope ?? defaults.scope,
    ...(prompt === undefined ? {} : { prompt }),
    ...(loginHint === undefined ? {} : { loginHint }),
    ...(domainHint === undefined ? {} : { domainHint }),
    responseMode: settings.responseMode ?? defaults.responseMode,
    portals: servedPortals(settings.allow, settings.portals ?? [], portals),
    ...(agents === undefined ? {} : { agents }),
    ...(users === undefined ? {} : { users }),
  };
}

function provider(settings: ConnectionSettings): Pick<Connection, 'provider' | 'issuer' | 'tenant'> {
  // The issuer is compared with the discovery document to the letter, a trailing slash included.
  if (settings.provider === 'oidc') return { provider: 'oidc', issuer: found(settings.issuer) };
  const tenant = found(settings.tenant).toLowerCase();
  const authority = (settings.authority ?? defaults.authority).replace(/\/$/, '');
  return { provider: 'entra', issuer: `${authority}/${tenant}/v2.0`, tenant };
}

/** A rule that is left out admits everyone, for agent portals without guests. Kinds that `allow` excludes admit nobody. */
function entryRule(settings: ConnectionSettings, kind: PortalKind): EntryRule | undefined {
  if (!allows(settings.allow, kind)) return undefined;
  const rule = settings[`${kind}s`] ?? {};
  // Entra writes its ids in lower case.
  const ids = (list: readonly string[] = []) =>
    settings.provider === 'oidc' ? [...list] : list.map(id => id.toLowerCase());
  return {
    tenants: ids(rule.tenants),
    groups: ids(rule.groups),
    roles: [...(rule.roles ?? [])],
    people: ids(rule.people),
    guests: rule.guests ?? kind === 'user',
  };
}
