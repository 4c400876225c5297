import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The files that settings are made of. Each is read once: what was used is what is compared with later. */
export interface Files {
  /** @param path absolute @throws the error of the file system, at each call the same */
  read(path: string): Buffer;
  /** Those that were asked for, whether or not they could be read. */
  paths(): readonly string[];
  /** A hash of all that was read, and of what could not be. */
  fingerprint(): string;
}

export function createFiles(): Files {
  const contents = new Map<string, Buffer | Error>();
  return {
    read(path) {
      const content = contents.get(path) ?? attempt(path);
      contents.set(path, content);
      if (content instanceof Error) throw content;
      return content;
    },
    paths: () => [...contents.keys()],
    fingerprint() {
      const hash = createHash('sha256');
      for (const [path, content] of [...contents].sort(([one], [other]) => (one < other ? -1 : 1))) {
        hash.update(JSON.stringify([path, content instanceof Error ? codeOf(content) : digest(content)]));
      }
      return hash.digest('hex');
    },
  };
}

/** The fingerprint of files as they are now. @param paths absolute */
export function fingerprintOf(paths: readonly string[]): string {
  const files = createFiles();
  for (const path of paths) {
    try {
      files.read(path);
    } catch {
      // That it cannot be read is part of the fingerprint.
    }
  }
  return files.fingerprint();
}

function attempt(path: string): Buffer | Error {
  try {
    return readFileSync(path);
  } catch (error) {
    return error instanceof Error ? error : new Error('The file cannot be read.', { cause: error });
  }
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name;
}

function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
