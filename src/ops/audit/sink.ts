/** Where lines of the audit log go. */
export interface AuditSink {
  /** Takes a whole line. Never throws, and does not wait until it is written. */
  write(line: string): void;
  /** Opens a file anew, by its name: it may have been moved away. */
  reopen(): void;
  /** Resolves when everything has been written, or cannot be. */
  close(): Promise<void>;
}

/** Standard output, beside the log. @param stream takes the lines in its place */
export function createStreamSink(stream: { write(line: string): unknown } = process.stdout): AuditSink {
  return {
    write(line) {
      stream.write(line);
    },
    reopen() {},
    async close() {},
  };
}
