import type { Portal } from '../config/index.ts';
import type { Session } from '../sessions/index.ts';

/** What a placeholder can stand for. */
export interface IdentitySubject {
  readonly session: Session;
  readonly portal: Portal;
  /** Those that go to Halo. */
  readonly groups: readonly string[];
}

/** The value of an identity header for somebody; empty where there is nothing to send. */
export type IdentityTemplate = (subject: IdentitySubject) => string;

const PLACEHOLDERS: Readonly<Record<string, IdentityTemplate>> = {
  person: ({ session }) => session.person.id,
  username: ({ session }) => session.person.username,
  email: ({ session }) => session.person.email,
  name: ({ session }) => session.person.name,
  groups: ({ groups }) => list(groups),
  roles: ({ session }) => list(session.person.roles),
  tid: ({ session }) => session.person.tid,
  oid: ({ session }) => session.person.oid,
  connection: ({ session }) => session.connection,
  'portal.name': ({ portal }) => portal.name,
  'portal.kind': ({ portal }) => portal.kind,
};

/**
 * Reads a template such as `{username}` once, so that filling it in is a matter of joining strings.
 * @throws TypeError for a placeholder that does not exist
 */
export function compileTemplate(template: string): IdentityTemplate {
  const parts = template.split(/\{([^{}]*)\}/).map((part, index): IdentityTemplate => {
    if (index % 2 === 0) return () => part;
    const placeholder = Object.hasOwn(PLACEHOLDERS, part) ? PLACEHOLDERS[part] : undefined;
    if (!placeholder) throw new TypeError(`There is no placeholder {${part}} for an identity header.`);
    return placeholder;
  });
  return subject => fieldValue(parts.map(part => part(subject)).join(''));
}

/** Comma-separated; an entry that holds a comma would be read as two, and is left out. */
function list(entries: readonly string[]): string {
  return entries.filter(entry => !entry.includes(',')).join(',');
}

/** UTF-8 bytes as a latin1 string, as header fields travel; empty for a value with a control character, which never passes. */
function fieldValue(text: string): string {
  const value = text.trim();
  return /\p{Cc}/u.test(value) ? '' : Buffer.from(value, 'utf8').toString('latin1');
}
