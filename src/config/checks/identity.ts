import { defaults } from '../defaults.ts';
import type { Draft } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import type { Path } from '../location.ts';
import { nearest } from '../nearest.ts';
import type { Settings } from '../schema/index.ts';
import { isReservedHeader, sameHeader } from './reserved-headers.ts';

const placeholders = [
  'person',
  'username',
  'email',
  'name',
  'groups',
  'roles',
  'tid',
  'oid',
  'connection',
  'portal.name',
  'portal.kind',
];

export function checkIdentity(settings: Draft<Settings>, report: Report): void {
  const identity = settings.identity;
  const seen = new Map<string, string>();
  for (const [name, template] of Object.entries(identity?.headers ?? defaults.identityHeaders)) {
    const path = ['identity', 'headers', name];
    checkHeader(name, path, seen, report);
    if (template !== undefined) checkTemplate(template, path, report);
  }
  if (identity?.assertion === false) return;
  if (identity?.groups === 'all') {
    const message =
      'with some 300 groups the assertion alone exceeds the 16 KB that many servers take in a header; "named" sends those that a rule names, "assertion: false" leaves it out';
    report('ALL_GROUPS_ASSERTED', ['identity', 'groups'], message);
  }
  const header = identity?.assertion?.header ?? defaults.assertionHeader;
  checkHeader(header, ['identity', 'assertion', 'header'], seen, report);
}

function checkHeader(name: string, path: Path, seen: Map<string, string>, report: Report): void {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
    report('INVALID_HEADER', path, `expected a header name such as X-Example, found ${quote(name)}`, 'key');
    return;
  }
  if (isReservedHeader(name)) {
    report(
      'RESERVED_HEADER',
      path,
      `${quote(name)} has another purpose; identity would be lost in it or break it`,
      'key',
    );
  }
  const earlier = seen.get(sameHeader(name));
  if (earlier !== undefined) {
    report('DUPLICATE_HEADER', path, `${quote(name)} and ${quote(earlier)} are one header to many servers`, 'key');
  }
  seen.set(sameHeader(name), name);
}

function checkTemplate(template: string, path: Path, report: Report): void {
  const rest = template.replace(/\{([^{}]*)\}/g, (_whole, placeholder: string) => {
    if (!placeholders.includes(placeholder)) {
      const near = nearest(placeholder, placeholders);
      const advice = near === undefined ? `expected one of ${placeholders.join(', ')}` : `did you mean ${quote(near)}?`;
      report('UNKNOWN_PLACEHOLDER', path, `unknown placeholder ${quote(placeholder)}; ${advice}`);
    }
    return '';
  });
  if (/[{}]/.test(rest)) report('UNKNOWN_PLACEHOLDER', path, `a brace without its other half in ${quote(template)}`);
}
