/** Where a command writes. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The process's own. */
export const standardStreams: Streams = {
  out: text => process.stdout.write(text),
  err: text => process.stderr.write(text),
};
