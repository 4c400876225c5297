import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';

/** Looks for changes around files. */
export interface FilesWatch {
  /** Watches the directories of these files from now on, and no others. @param paths absolute */
  follow(paths: readonly string[]): void;
  close(): void;
}

/**
 * Watches directories rather than files: Kubernetes changes what it mounts by a symbolic link beside it, and a watched file that is
 * replaced by another one is never heard of again. What it tells of may have changed nothing, and not every file system tells: whoever
 * uses it compares, and looks from time to time.
 * @param changed called, perhaps often, when something may have changed
 */
export function watchFiles(changed: () => void): FilesWatch {
  let watchers: FSWatcher[] = [];

  function close(): void {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  }

  return {
    follow(paths) {
      // Anew each time: a directory may have been replaced by one of the same name.
      close();
      watchers = [...new Set(paths.map(path => dirname(path)))].flatMap(directory => open(directory, changed));
    },
    close,
  };
}

/** Nothing where the directory is not there, or the system watches no more of them. */
function open(directory: string, changed: () => void): FSWatcher[] {
  try {
    const watcher = watch(directory, { persistent: false }, changed);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}
