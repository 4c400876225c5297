import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Draft } from './draft.ts';
import type { Files } from './files.ts';
import { quote, type Report } from './findings.ts';
import type { Path } from './location.ts';
import type { Secret } from './schema/index.ts';

/** Where secrets and certificate files come from. */
export interface Surroundings {
  /** The directory of the settings file, from which relative paths lead. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Nothing outside the settings file is looked at. */
  readonly static: boolean;
  /** Remembers what is read. Left out: nobody asks for it. */
  readonly files?: Pick<Files, 'read'>;
}

/** What was read; or why it could not be (never a secret); or neither, where it lies outside and was not looked at. */
export interface Reading<T = string> {
  readonly value?: T;
  readonly problem?: string;
  /** There is no such file. */
  readonly missing?: boolean;
}

/** The text of a secret: the literal, the environment variable, or the file without one trailing newline. */
function readSecret(secret: Draft<Secret>, surroundings: Surroundings): Reading {
  if (typeof secret === 'string') return secret === '' ? { problem: 'the secret is empty' } : { value: secret };
  if (surroundings.static) return {};
  if (secret.env !== undefined) {
    const value = surroundings.env[secret.env];
    if (value === undefined) return { problem: `the environment variable ${secret.env} is not set` };
    return value === '' ? { problem: `the environment variable ${secret.env} is empty` } : { value };
  }
  if (secret.file === undefined) return {};
  const { value, problem } = readText(secret.file, surroundings);
  if (value === undefined) return { problem: problem ?? 'cannot be read' };
  const text = value.replace(/\r?\n$/, '');
  return text === '' ? { problem: `the file ${quote(secret.file)} is empty` } : { value: text };
}

/** The same for the secret of one setting; whatever is wrong with it is reported there. */
export function readSecretAt(
  secret: Draft<Secret> | undefined,
  path: Path,
  surroundings: Surroundings,
  report: Report,
): string | undefined {
  if (secret === undefined) return undefined;
  const { value, problem } = readSecret(secret, surroundings);
  if (problem !== undefined) report('SECRET_MISSING', path, problem);
  return value;
}

/** The text of a file (UTF-8). */
export function readText(file: string, surroundings: Surroundings): Reading {
  return readFile(file, surroundings, bytes =>
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
  );
}

/** The bytes of a file. */
export function readBytes(file: string, surroundings: Surroundings): Reading<Buffer> {
  return readFile(file, surroundings, bytes => bytes);
}

function readFile<T>(file: string, surroundings: Surroundings, read: (bytes: Buffer) => T): Reading<T> {
  if (surroundings.static) return {};
  const path = resolve(surroundings.directory, file);
  try {
    return { value: read(surroundings.files?.read(path) ?? readFileSync(path)) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return { problem: `the file ${quote(file)} ${whyUnreadable(code)}`, missing: code === 'ENOENT' };
  }
}

/** A clause for the codes of the file system. */
function whyUnreadable(code: unknown): string {
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EACCES') return 'may not be read by this user';
  if (code === 'EISDIR') return 'is a directory';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'is not UTF-8 text';
  return `cannot be read (${String(code)})`;
}
