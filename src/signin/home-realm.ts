import { type Connection, comparableDomain } from '../config/index.ts';

/**
 * Those of some connections whose `domains` hold the domain of an address. Exact: a subdomain is another domain. It tells where somebody
 * is likely to be at home, never who they are.
 * @param address as it was typed; what has no domain is at home nowhere
 */
export function homesOf(connections: readonly Connection[], address: string): readonly Connection[] {
  const at = address.lastIndexOf('@');
  const domain = at < 1 ? undefined : comparableDomain(address.slice(at + 1));
  if (domain === undefined) return [];
  return connections.filter(({ domains }) => domains.includes(domain));
}
