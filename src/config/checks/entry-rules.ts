import { defaults } from '../defaults.ts';
import { type Draft, entries, present } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import type { Path } from '../location.ts';
import type { ConnectionSettings } from '../schema/index.ts';
import { allows } from '../serving.ts';

type Rule = Draft<NonNullable<ConnectionSettings['agents']>>;

const guid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const objectId = new RegExp(`^${guid}$`, 'i');
const personId = new RegExp(`^(${guid}[.])?${guid}$`, 'i');

/** Who may enter: ids at Entra are GUIDs, and a name or an address in their place would never match. */
export function checkEntryRules(connection: Draft<ConnectionSettings>, path: Path, report: Report): void {
  const entra = (connection.provider ?? defaults.provider) === 'entra';
  for (const kind of ['agents', 'users'] as const) {
    const rule = connection[kind];
    const at = [...path, kind];
    for (const group of entra ? entries(rule?.groups, [...at, 'groups']) : []) {
      if (!objectId.test(group.value)) {
        report('INVALID_ID', group.path, `expected the object id of a group, a GUID, found ${quote(group.value)}`);
      }
    }
    for (const person of entra ? entries(rule?.people, [...at, 'people']) : []) {
      if (!personId.test(person.value)) {
        report('INVALID_ID', person.path, `expected {oid} or {tid}.{oid} in GUIDs, found ${quote(person.value)}`);
      }
    }
    if (!entra && present(rule?.tenants).length > 0) {
      report(
        'KEY_NOT_APPLICABLE',
        [...at, 'tenants'],
        'people of provider "oidc" have no tenant; nobody could enter',
        'key',
      );
    }
  }
  warnOfOpenAgents(connection, path, report);
}

function warnOfOpenAgents(connection: Draft<ConnectionSettings>, path: Path, report: Report): void {
  const { allow, agents } = connection;
  const unpublished = connection.published === false;
  if (allow === undefined || !allows(allow, 'agent') || unpublished || connection.tenantType === 'multi') return;
  if (agents !== undefined && !isEmpty(agents)) return;
  const guests = agents?.guests === true ? 'guests included' : 'but for guests';
  const message = `without a rule, everyone whom this connection signs in, ${guests}, may enter agent portals`;
  report('AGENTS_UNRESTRICTED', agents === undefined ? path : [...path, 'agents'], message, 'key');
}

function isEmpty(rule: Rule): boolean {
  return [rule.groups, rule.roles, rule.tenants, rule.people].every(list => (list ?? []).length === 0);
}
