import { defaults } from '../defaults.ts';
import { type Draft, entries, present } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import type { Path } from '../location.ts';
import type { ConnectionSettings, Settings } from '../schema/index.ts';
import { allows, servedPortals } from '../serving.ts';
import { mayAdmit, refuseConsumers } from './tenants.ts';

type Connection = Draft<ConnectionSettings>;
type Rule = Draft<NonNullable<ConnectionSettings['agents']>>;

const guid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const objectId = new RegExp(`^${guid}$`, 'i');
const personId = new RegExp(`^(${guid}[.])?${guid}$`, 'i');

/** Who may enter: ids at Entra are GUIDs, and a name or an address in their place would never match. */
export function checkEntryRules(
  connection: Connection,
  portals: Draft<Settings>['portals'],
  path: Path,
  report: Report,
): void {
  const entra = (connection.provider ?? defaults.provider) === 'entra';
  for (const kind of ['agents', 'users'] as const) {
    const rule = connection[kind];
    const at = [...path, kind];
    if (entra) {
      checkIds(rule, at, report);
      checkRuleTenants(connection, rule, at, report);
    } else if (present(rule?.tenants).length > 0) {
      const message = 'people of provider "oidc" have no tenant; nobody could enter';
      report('KEY_NOT_APPLICABLE', [...at, 'tenants'], message, 'key');
    }
  }
  const { agents } = connection;
  if (connection.tenantType === 'multi' && agents !== undefined && (agents.tenants ?? []).length === 0) {
    const message =
      "is required in a connection of several tenants: a customer's administrator grants groups and roles";
    report('MISSING_KEY', [...path, 'agents', 'tenants'], message, 'key');
  }
  warnOfOpenAgents(connection, path, report);
  warnOfShutAgents(connection, portals, path, report);
}

function checkIds(rule: Rule | undefined, path: Path, report: Report): void {
  for (const group of entries(rule?.groups, [...path, 'groups'])) {
    if (!objectId.test(group.value)) {
      report('INVALID_ID', group.path, `expected the object id of a group, a GUID, found ${quote(group.value)}`);
    }
  }
  for (const person of entries(rule?.people, [...path, 'people'])) {
    if (!personId.test(person.value)) {
      report('INVALID_ID', person.path, `expected {oid} or {tid}.{oid} in GUIDs, found ${quote(person.value)}`);
    }
  }
}

/** The tenants that a rule names, by themselves and as `{tid}.{oid}`. */
function checkRuleTenants(connection: Connection, rule: Rule | undefined, path: Path, report: Report): void {
  const isAdmitted = mayAdmit(connection);
  const named = [
    ...entries(rule?.tenants, [...path, 'tenants']),
    ...entries(rule?.people, [...path, 'people']).flatMap(({ value, path: at }) => {
      const tid = personId.exec(value)?.[1]?.slice(0, -1);
      return tid === undefined ? [] : [{ value: tid, path: at }];
    }),
  ];
  for (const { value: tid, path: at } of named) {
    refuseConsumers(tid, at, report);
    if (!isAdmitted(tid)) {
      report('RULE_TENANT_NOT_ADMITTED', at, `people of ${quote(tid)} cannot sign in through this connection`);
    }
  }
}

function warnOfOpenAgents(connection: Connection, path: Path, report: Report): void {
  const { allow, agents } = connection;
  const unpublished = connection.published === false;
  if (allow === undefined || !allows(allow, 'agent') || unpublished || connection.tenantType === 'multi') return;
  if (agents !== undefined && !isEmpty(agents)) return;
  const guests = agents?.guests === true ? 'guests included' : 'but for guests';
  const message = `without a rule, everyone whom this connection signs in, ${guests}, may enter agent portals`;
  report('AGENTS_UNRESTRICTED', agents === undefined ? path : [...path, 'agents'], message, 'key');
}

function warnOfShutAgents(
  connection: Connection,
  drafts: Draft<Settings>['portals'],
  path: Path,
  report: Report,
): void {
  const { allow, agents } = connection;
  if (connection.tenantType !== 'multi' || connection.published === false || allow === undefined) return;
  if (agents !== undefined) return;
  const agentPortals = present(drafts).flatMap(({ name, kind }) =>
    name !== undefined && kind === 'agent' ? [{ name, kind }] : [],
  );
  const served = servedPortals(allow, present(connection.portals), agentPortals);
  if (served.length === 0) return;
  const message = `without a rule "agents", nobody whom this connection signs in may enter ${served.map(quote).join(', ')}`;
  report('AGENTS_SHUT_OUT', path, message, 'key');
}

function isEmpty(rule: Rule): boolean {
  return [rule.groups, rule.roles, rule.tenants, rule.people].every(list => (list ?? []).length === 0);
}
