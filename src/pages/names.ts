/** Unicode's first strong isolate and its end: what stands between them has a direction of writing of its own. */
const MARKED = /\u2068([^\u2066-\u2069]*)\u2069/;

/** Marks a name for a sentence, so that its direction of writing stays its own, whatever the name holds. */
export function isolated(name: string): string {
  return `\u2068${name.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')}\u2069`;
}

/** A person as they may recognise themselves: `Ada Lovelace (ada@example.com)`, marked. */
export function personOf(name: string, username: string): string {
  if (name === '' || name === username) return isolated(username);
  return username === '' ? isolated(name) : `${isolated(name)} (${isolated(username)})`;
}

/** A sentence in pieces: what is marked stands at the odd places. */
export function pieces(text: string): readonly string[] {
  return text.split(MARKED);
}
