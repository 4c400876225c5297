import type { RawHeaders } from './api.ts';
import { setsOwnCookie } from './cookies.ts';
import { createFieldTable } from './field-table.ts';
import { connectionOptions, isHopByHop, withoutOptions } from './hop-by-hop.ts';

/** HSTS on every answer of an https portal that has none: a year, in seconds. */
const STRICT_TRANSPORT_SECURITY = ['Strict-Transport-Security', 'max-age=31536000'] as const;

const NONE: RawHeaders = [];

const treatmentOf = createFieldTable(name => {
  if (name === 'connection') return 'connection';
  if (name === 'set-cookie') return 'set-cookie';
  if (name === 'strict-transport-security') return 'hsts';
  return isHopByHop(name) ? 'drop' : 'pass';
});

/**
 * The fields of Halo's answer as they go to the client: without hop-by-hop fields and without cookies in the gateway's own names,
 * several `Set-Cookie` kept apart, the rest in its order.
 * @param raw what Halo sent
 * @param secure the portal is https: HSTS is added where Halo sends none
 * @param added fields of the gateway, which come first and which nothing takes away
 */
export function answerHeaders(raw: RawHeaders, secure: boolean, added: RawHeaders = NONE): string[] {
  const fields = [...added];
  let options: Set<string> | undefined;
  let strict = !secure;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const value = raw[i + 1] ?? '';
    const treatment = treatmentOf(name);
    if (treatment === 'pass') {
      fields.push(name, value);
    } else if (treatment === 'set-cookie') {
      if (!setsOwnCookie(value)) fields.push(name, value);
    } else if (treatment === 'hsts') {
      fields.push(name, value);
      strict = true;
    } else if (treatment === 'connection') {
      options = connectionOptions(value, options);
    }
  }
  const passed = options === undefined ? fields : withoutOptions(fields, options, added.length);
  if (!strict) passed.push(...STRICT_TRANSPORT_SECURITY);
  return passed;
}
