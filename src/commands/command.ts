/** A sub-command, as the command line and the usage know it. */
export interface Command {
  /** What follows the name, each in its place. */
  readonly positionals: readonly Word[];
  /** What it takes beside `--config`, by name. */
  readonly options: Readonly<Record<string, Option>>;
  /** It reads no settings; `--config` is taken all the same. */
  readonly withoutSettings?: boolean;
  /** How it is called, without its name: for the usage. */
  readonly synopsis: string;
  /** What it does, a line of the usage each. */
  readonly summary: readonly string[];
  /** @returns the exit status @throws UsageError */
  run(given: Arguments): Promise<number>;
}

/** A word of the command line. */
export interface Word {
  readonly name: string;
  /** The words that it may be; left out: any. */
  readonly choices?: readonly string[];
}

export type Option =
  | { readonly type: 'boolean' }
  | {
      readonly type: 'string';
      /** What it may be; left out: anything. */
      readonly choices?: readonly string[];
      /** It has to be given. */
      readonly required?: true;
    };

/** What a command line gives a command. */
export interface Arguments {
  /** The settings file; empty for a command without settings. */
  readonly config: string;
  readonly positionals: readonly string[];
  /** The options that were given, `--config` apart. */
  readonly options: Readonly<Record<string, string | boolean>>;
}

/** The command line asks for what cannot be; the message is a clause for the operator. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
