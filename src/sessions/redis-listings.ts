import type { ListingEntry } from './store.ts';

/** How listing entries are found and read. */
export interface ListingsReader<Master> {
  masters(): Promise<readonly Master[]>;
  /** Names of listing entries, some at a time. */
  scan(master: Master, cursor: string): Promise<[cursor: string, names: string[]]>;
  read(names: readonly string[]): Promise<readonly (Buffer | null)[]>;
  /** The id of the session whose entry it is. */
  idOf(name: string): string;
}

/**
 * The listing entries, each once: a server may name one again while its table grows or shrinks, and two masters may, while a key moves
 * from one to the other.
 */
export async function* readListings<Master>({
  masters,
  scan,
  read,
  idOf,
}: ListingsReader<Master>): AsyncIterable<readonly ListingEntry[]> {
  const seen = new Set<string>();
  for (const master of await masters()) {
    let cursor = '0';
    do {
      const [next, names] = await scan(master, cursor);
      const fresh = [...new Set(names)].filter(name => !seen.has(name));
      for (const name of fresh) seen.add(name);
      const sealed = await read(fresh);
      yield fresh.flatMap((name, at) => (sealed[at] ? [{ id: idOf(name), listing: sealed[at] }] : []));
      cursor = next;
    } while (cursor !== '0');
  }
}
