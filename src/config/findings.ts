import { type FindingCode, findingCodes } from './codes.ts';
import type { Anchor, Path, Position } from './location.ts';

/** Something that is wrong with the settings, or that an administrator should know. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly code: FindingCode;
  /** Never contains a secret. */
  readonly message: string;
}

/** Notes a finding about what stands at `path`; `anchor` says whether the key or the value is meant. */
export type Report = (code: FindingCode, path: Path, message: string, anchor?: Anchor) => void;

/** One line: `file:line:column CODE message`. */
export function formatFinding(finding: Finding): string {
  const { file, line, column, code, message } = finding;
  const prefix = finding.severity === 'warning' ? 'warning: ' : '';
  return `${file}:${line}:${column} ${code} ${prefix}${message}`;
}

export function makeFinding(code: FindingCode, file: string, position: Position, message: string): Finding {
  return { severity: findingCodes[code].severity, file, ...position, code, message };
}

/** Errors before warnings, each in order of position. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const rank = (finding: Finding) => (finding.severity === 'error' ? 0 : 1);
  return [...findings].sort((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(finding => finding.severity === 'error');
}

/** `portals[0].url`: how messages name a setting. Keys that are no plain words are quoted. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${quote(step)}]`;
  }
  return text;
}

/** A value in a message: on one line, of bearable length, without the user and password of an address. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value.replace(/^([a-z]+:\/\/)?.*:.*@|^([a-z]+:\/\/).*@/is, '$1$2…@') : value;
  const json = JSON.stringify(text) ?? String(text);
  return json.length > 200 ? `${json.slice(0, 199)}…` : json;
}
