import { type FileHandle, open, stat } from 'node:fs/promises';
import type { AuditRecorder } from '../recorder.ts';
import type { AuditSink } from './sink.ts';

/** Nobody but the gateway's own user reads it. */
const MODE = 0o600;
/** How soon writing is tried again after it failed, in milliseconds. */
const RETRY = 1000;
/** What is kept while it cannot be written, in bytes. */
const MOST_WAITING = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

interface FileSinkOptions {
  readonly recorder: Pick<AuditRecorder, 'auditFailed' | 'auditLost'>;
  readonly log: FileSinkLog;
  /** Milliseconds until writing is tried again. */
  readonly retry?: number;
  /** Bytes that are kept while it cannot be written. */
  readonly mostWaiting?: number;
}

interface FileSinkLog {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

/**
 * A file that lines are appended to. It is opened by its name again when it is asked for and when another file, or none, has that name,
 * so that it can be rotated by moving it away. Lines that cannot be written wait, as many as fit; what is beyond that is lost, counted
 * and said in the log.
 * @param path absolute
 */
export function createFileSink(path: string, options: FileSinkOptions): AuditSink {
  const { recorder, log, retry = RETRY, mostWaiting = MOST_WAITING } = options;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  /** What is being written; after a part of it, what is left. */
  let rest: Buffer | undefined;
  let midLine = false;
  let handle: FileHandle | undefined;
  let stale = false;
  let failing = false;
  let lost = 0;
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    if (writing || timer) return;
    writing = run().finally(() => {
      writing = undefined;
      if (waiting.length > 0) start();
    });
  }

  async function run(): Promise<void> {
    try {
      await writeAll();
      recovered();
    } catch (error) {
      failed(error);
      timer = setTimeout(() => {
        timer = undefined;
        start();
      }, retry).unref();
    }
  }

  async function writeAll(): Promise<void> {
    await named();
    while (rest || waiting.length > 0) {
      // A line is not divided between two files.
      const file = midLine ? await current() : await named();
      const bytes = rest ?? takeWaiting();
      rest = bytes;
      const { bytesWritten } = await file.write(bytes);
      rest = bytesWritten < bytes.length ? bytes.subarray(bytesWritten) : undefined;
      if (bytesWritten > 0) midLine = bytes[bytesWritten - 1] !== NEWLINE;
    }
  }

  function takeWaiting(): Buffer {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    return bytes;
  }

  async function current(): Promise<FileHandle> {
    handle ??= await open(path, 'a', MODE);
    return handle;
  }

  /** The file that has the name now. */
  async function named(): Promise<FileHandle> {
    if (handle && (stale || (await isMoved(handle, path)))) {
      const former = handle;
      handle = undefined;
      await former.close().catch(() => undefined);
    }
    stale = false;
    return current();
  }

  function failed(error: unknown): void {
    recorder.auditFailed();
    if (!failing) log.error({ err: error, file: path }, 'the audit log cannot be written');
    failing = true;
    // Whatever is wrong with it, another one may be opened in its place.
    stale = true;
    midLine = false;
  }

  function recovered(): void {
    if (failing) log.info({ file: path, lost }, 'the audit log can be written again');
    failing = false;
    lost = 0;
  }

  function drop(): void {
    if (lost === 0) log.error({ file: path }, 'audit events are lost');
    lost += 1;
    recorder.auditLost(1);
  }

  // What is wrong with the name is known at the start, not with the first event.
  start();
  return {
    write(line) {
      const bytes = Buffer.from(line);
      if (waitingBytes + bytes.length > mostWaiting) return drop();
      waiting.push(bytes);
      waitingBytes += bytes.length;
      start();
    },
    reopen() {
      stale = true;
      start();
    },
    async close() {
      clearTimeout(timer);
      while (writing) await writing;
      clearTimeout(timer);
      if (rest || waiting.length > 0) await writeAll().catch(failed);
      await handle?.close().catch(() => undefined);
    },
  };
}

/** Whether the name is now another file's, or nobody's. */
async function isMoved(handle: FileHandle, path: string): Promise<boolean> {
  const [own, named] = await Promise.all([handle.stat(), stat(path).catch(() => undefined)]);
  return named?.ino !== own.ino || named.dev !== own.dev;
}
