/** What a page says. */
export interface Words {
  readonly heading: string;
  readonly paragraphs: readonly string[];
}

/** What a page says of a failed sign-in. */
export interface FailureWords {
  readonly heading: string;
  /** Or a function of the organisation that the person came from, where it is known. */
  readonly paragraphs: readonly string[] | ((organisation: string | undefined) => readonly string[]);
  /** Leads to another attempt; left out where one would only fail again. */
  readonly action?: string;
}

/** A name within a sentence: its direction of writing stays its own (Unicode's first strong isolate), whatever the name holds. */
export function isolated(name: string): string {
  return `\u2068${name.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')}\u2069`;
}

/** A person as they may recognise themselves: `Ada Lovelace (ada@example.com)`. */
export function personOf(name: string, username: string): string {
  if (name === '' || name === username) return isolated(username);
  return username === '' ? isolated(name) : `${isolated(name)} (${isolated(username)})`;
}

/** The last sentence where only the helpdesk can tell more. */
export const ASK_SUPPORT =
  'If it keeps happening, contact your helpdesk and tell them the code and request number below.';
