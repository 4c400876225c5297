import { comparableDomain } from '../domain.ts';
import { type Draft, entries, present } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import type { Path } from '../location.ts';
import type { ConnectionSettings, Settings } from '../schema/index.ts';
import { servedPortals } from '../serving.ts';

type NamedPortals = Parameters<typeof servedPortals>[2];

/** Reports what no address is ever of; wildcards are none. */
export function checkDomains(domains: readonly (string | undefined)[] | undefined, path: Path, report: Report): void {
  for (const { value, path: at } of entries(domains, path)) {
    if (comparableDomain(value) !== undefined) continue;
    report('INVALID_VALUE', at, `expected a domain such as example.com, found ${quote(value)}`);
  }
}

/** Warns of an e-mail domain that leads to two connections of one portal: the chooser cannot tell which is meant. */
export function warnOfAmbiguousDomains({ connections, portals }: Draft<Settings>, report: Report): void {
  const named: NamedPortals = present(portals).flatMap(({ name, kind }) =>
    name === undefined || kind === undefined ? [] : [{ name, kind }],
  );
  const claims: { domain: string; name: string | undefined; index: number; serves: readonly string[] }[] = [];
  for (const { value: connection, path, index } of entries(connections, ['connections'])) {
    if (connection.published === false) continue;
    const serves = portalsOf(connection, named);
    for (const { value, path: at } of entries(connection.domains, [...path, 'domains'])) {
      const domain = comparableDomain(value);
      if (domain === undefined) continue;
      const other = claims.find(
        claim => claim.domain === domain && claim.index !== index && claim.serves.some(name => serves.includes(name)),
      );
      if (other !== undefined) {
        const message = `${quote(value)} leads to connection ${quote(other.name)} as well, at a portal that both serve`;
        report('AMBIGUOUS_DOMAIN', at, message);
      }
      claims.push({ domain, name: connection.name, index, serves });
    }
  }
}

function portalsOf({ allow, portals }: Draft<ConnectionSettings>, named: NamedPortals): readonly string[] {
  return allow === undefined ? [] : servedPortals(allow, present(portals), named);
}
