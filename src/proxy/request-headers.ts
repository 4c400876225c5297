import type { Config, IdentityConfig, Portal } from '../config/index.ts';
import type { RawHeaders } from './api.ts';
import { withoutOwnCookies } from './cookies.ts';
import { canonicalName } from './field-name.ts';
import { createFieldTable } from './field-table.ts';
import { connectionOptions, isHopByHop, withoutOptions } from './hop-by-hop.ts';
import { identityHeaderNames } from './identity-names.ts';
import { METHOD_OVERRIDES } from './misleading-field.ts';

/** The fields of a request as they go to Halo: what came in cleaned, the gateway's own first and the identity's last. */
export type RequestHeaders = (raw: RawHeaders, portal: Portal, client: string, identity: RawHeaders) => string[];

type Treatment = 'pass' | 'drop' | 'cookie' | 'connection';

const DROPPED_PREFIXES = ['x-forwarded-', 'x-original-', 'x-rewrite-'];

const DROPPED_FIELDS = ['expect', 'forwarded', 'host', 'x-forwarded', 'x-real-ip', ...METHOD_OVERRIDES];

/**
 * Fields that decisions are made on or that frame the body. `Connection` cannot take them away, and no other spelling of them passes:
 * Halo is to see the request that was decided on.
 */
const DECISIVE_FIELDS: ReadonlySet<string> = new Set([
  'access-control-request-method',
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'origin',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
]);

/** Where there is tracing the gateway says to which trace a request belongs (W3C Trace Context). */
const TRACE_FIELDS = ['traceparent', 'tracestate'];

/** Entries (names and values) at the start of the result that the gateway itself has set. */
const OWN_ENTRIES = 8;

/**
 * Makes the function that turns a request's fields into those sent to Halo: identity headers in any letter case and `-`/`_` spelling,
 * the gateway's cookies, hop-by-hop fields and everything that claims where a request came from or what it asked for are dropped;
 * `Host` and `X-Forwarded-For`, `-Proto` and `-Host` are set; the rest passes in its order and as it was written.
 */
export function createRequestHeaders({ identity, tracing }: Pick<Config, 'identity' | 'tracing'>): RequestHeaders {
  const treatmentOf = createFieldTable(classifier(identity, tracing ? TRACE_FIELDS : []));

  return (raw, portal, client, identityFields) => {
    const fields = [
      'Host',
      portal.host,
      'X-Forwarded-For',
      client,
      'X-Forwarded-Proto',
      portal.secure ? 'https' : 'http',
      'X-Forwarded-Host',
      portal.host,
    ];
    let options: Set<string> | undefined;
    for (let i = 0; i < raw.length; i += 2) {
      const name = raw[i] ?? '';
      const value = raw[i + 1] ?? '';
      const treatment = treatmentOf(name);
      if (treatment === 'pass') {
        fields.push(name, value);
      } else if (treatment === 'cookie') {
        const cookies = withoutOwnCookies(value);
        if (cookies !== '') fields.push(name, cookies);
      } else if (treatment === 'connection') {
        options = connectionOptions(value, options);
      }
    }
    const passed = options === undefined ? fields : withoutOptions(fields, endToEnd(options), OWN_ENTRIES);
    for (const entry of identityFields) passed.push(entry);
    return passed;
  };
}

function classifier(identity: IdentityConfig, replaced: readonly string[]): (name: string) => Treatment {
  const dropped = new Set([...DROPPED_FIELDS, ...replaced, ...identityHeaderNames(identity).map(canonicalName)]);

  return name => {
    const spelling = canonicalName(name);
    if (dropped.has(spelling) || DROPPED_PREFIXES.some(prefix => spelling.startsWith(prefix))) return 'drop';
    if (name === 'connection') return 'connection';
    if (name === 'cookie') return 'cookie';
    if (isHopByHop(spelling)) return 'drop';
    return name !== spelling && DECISIVE_FIELDS.has(spelling) ? 'drop' : 'pass';
  };
}

/** The options that may take a field away. */
function endToEnd(options: Set<string>): Set<string> {
  for (const field of DECISIVE_FIELDS) options.delete(field);
  return options;
}
