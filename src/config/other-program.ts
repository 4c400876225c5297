import type { Position } from './location.ts';

/** Keys of oauth2-proxy, in its own format and in its alpha one; none of them is a key of ours. */
const OAUTH2_PROXY: ReadonlySet<string> = new Set([
  'provider',
  'client_id',
  'client_secret',
  'client_secret_file',
  'cookie_secret',
  'cookie_domains',
  'cookie_refresh',
  'cookie_expire',
  'email_domains',
  'http_address',
  'https_address',
  'injectRequestHeaders',
  'injectResponseHeaders',
  'oidc_issuer_url',
  'pass_authorization_header',
  'providers',
  'redirect_url',
  'redis_connection_url',
  'reverse_proxy',
  'scope',
  'session_store_type',
  'set_xauthrequest',
  'skip_auth_routes',
  'skip_provider_button',
  'upstreamConfig',
  'upstreams',
  'whitelist_domains',
]);

/** Fewer keys may be there by mistake. */
const ENOUGH = 2;
/** At most so many are named. */
const NAMED = 4;

/** A key at the beginning of a line, in YAML, TOML or as an environment variable. */
const KEY = /^(?:export\s+)?(?:OAUTH2_PROXY_([A-Z_]+)|["']?([A-Za-z_]+)["']?)\s*[=:]/;

/**
 * Whether a text is the settings of oauth2-proxy, which people bring along: what is wrong with it, key by key, would help nobody.
 * @returns where it shows first, and what to do; undefined for any other text
 */
export function findOtherProgram(text: string): (Position & { readonly message: string }) | undefined {
  const lines = text.split('\n').map(line => KEY.exec(line));
  const keys = lines.map(match => match?.[1]?.toLowerCase() ?? match?.[2] ?? '');
  // Whoever is on the way from there to here has begun with this.
  if (keys.includes('version')) return undefined;
  const found = new Set(keys.filter(key => OAUTH2_PROXY.has(key)));
  if (found.size < ENOUGH) return undefined;
  const named = [...found].slice(0, NAMED).join(', ');
  return {
    line: keys.findIndex(key => OAUTH2_PROXY.has(key)) + 1,
    column: 1,
    message: `these are settings of oauth2-proxy (${named}); docs/from-oauth2-proxy.md says what becomes of each, config/minimal.yaml is what to begin with`,
  };
}
