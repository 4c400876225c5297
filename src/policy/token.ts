import type { TokenRequest } from './decision.ts';
import { type FormField, readForm } from './form.ts';
import { type Headers, headerOf } from './headers.ts';

/** The most of a token request's body that is read, in bytes. */
export const TOKEN_BODY_LIMIT = 64 * 1024;

const FORM = /^application\/x-www-form-urlencoded[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?$/i;

/** What grants are written in (RFC 6749, appendix A.10). */
const GRANT = /^[\x21-\x7e]+$/;

/**
 * Reads which grant a token request carries (specification: Token requests). Whatever another parser could read in another way is
 * unreadable, so that no password slips past as another grant.
 * @param headers of the request, by name in lower case. `headersDistinct` of node:http shows repeated fields, `headers` hides them
 * @param query of the target, with its `?`: a grant there would be a second one to whoever reads query and form together
 * @param body what has been read of the body
 * @param complete the body has been read to its end
 */
export function readTokenRequest(headers: Headers, query: string, body: Buffer, complete: boolean): TokenRequest {
  if (!complete || body.length > TOKEN_BODY_LIMIT) return { unreadable: 'it is longer than 64 KiB.' };
  if (!FORM.test(headerOf(headers, 'content-type') ?? '')) return { unreadable: 'it is no form in UTF-8.' };
  if (headers['content-encoding'] !== undefined) return { unreadable: 'its content is encoded.' };
  const coding = headerOf(headers, 'transfer-encoding');
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return { unreadable: 'its transfer is encoded.' };
  const beside = readForm(Buffer.from(query.slice(1)));
  if (beside === undefined) return { unreadable: 'its query is malformed.' };
  if (beside.some(({ name }) => isGrantType(name))) return { unreadable: 'its query holds a grant_type.' };
  const fields = readForm(body);
  return fields === undefined ? { unreadable: 'its form is malformed.' } : readGrant(fields);
}

function readGrant(fields: readonly FormField[]): TokenRequest {
  const [first, ...others] = fields.filter(field => isGrantType(field.name));
  if (first === undefined) return { unreadable: 'it has no grant_type.' };
  if (others.length > 0) return { unreadable: 'it has several grant_type.' };
  if (!GRANT.test(first.value)) return { unreadable: 'its grant_type is no word.' };
  return { grant: first.value.toLowerCase() === 'password' ? 'password' : first.value };
}

/** ASP.NET takes form names without letter case, and others trim them. */
function isGrantType(name: string): boolean {
  return name.trim().toLowerCase() === 'grant_type';
}
