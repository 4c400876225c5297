import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const schema: object = JSON.parse(readFileSync(new URL('../../config/audit.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({
  allErrors: true,
  strict: true,
  formats: { 'date-time': /^\d{4}(-\d\d){2}T[\d:.]+Z$/ },
}).compile(schema);

/** What is wrong with an event; empty for one that is as the schema says. */
export function faultsOf(event: unknown): readonly string[] {
  return validate(event)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** What tells an audit event from a line of the log. */
export const AUDIT_MARK = '"dataset":"halogate.audit"';

/** An audit event, as far as tests look at it. */
export interface AuditLine {
  readonly event: { readonly action: string; readonly outcome: string; readonly reason?: string };
  readonly user?: { readonly id: string };
  readonly organization?: { readonly id: string };
  readonly source?: { readonly ip: string };
  readonly http?: { readonly request: { readonly id: string } };
  readonly halogate?: {
    readonly connection?: string;
    readonly portal?: string;
    readonly detail?: string;
    readonly session?: { readonly hash: string };
    readonly config?: { readonly hash: string };
  };
}

/** A line of an audit log. @throws Error for one that the schema does not allow */
export function readAuditLine(line: string): AuditLine {
  const event: unknown = JSON.parse(line);
  const faults = faultsOf(event);
  if (faults.length > 0) throw new Error(`An audit event is not as its schema says: ${faults.join('; ')}\n${line}`);
  return event as AuditLine;
}

/** Takes audit events in place of standard output and puts them among log lines, with `msg` "audit". */
export function createAuditTrail(logs: Record<string, unknown>[]): { write(line: string): void } {
  return { write: line => logs.push({ msg: 'audit', ...readAuditLine(line) }) };
}
