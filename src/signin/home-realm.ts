import { domainToASCII } from 'node:url';
import type { Connection } from '../config/index.ts';

/** Letters (of any script), digits, `-`, `_` and `.`: in anything else the conversion would read more than is written. */
const DOMAIN = /^[\p{L}\p{M}\p{N}._-]+$/u;

/**
 * Those of some connections whose `domains` hold the domain of an address. Exact: a subdomain is another domain. It tells where somebody
 * is likely to be at home, never who they are.
 * @param address as it was typed; what has no domain is at home nowhere
 */
export function homesOf(connections: readonly Connection[], address: string): readonly Connection[] {
  const at = address.lastIndexOf('@');
  const domain = at < 1 ? undefined : comparable(address.slice(at + 1));
  if (domain === undefined) return [];
  return connections.filter(({ domains }) => domains.some(listed => comparable(listed) === domain));
}

/** A domain in lower-case ASCII (RFC 5891 A-labels), so that both spellings of an internationalised one are the same. */
function comparable(domain: string): string | undefined {
  return (DOMAIN.test(domain) && domainToASCII(domain)) || undefined;
}
