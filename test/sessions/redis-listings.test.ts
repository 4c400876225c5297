import t from 'tap';
import { readListings } from '../../src/sessions/redis-listings.ts';

/** What each server names, batch by batch; an entry that has ended in between is not there to be read. */
async function idsOf(servers: readonly (readonly (readonly string[])[])[], gone: readonly string[] = []) {
  const read: string[] = [];
  const listings = readListings({
    masters: async () => servers,
    scan: async (batches, cursor) => {
      const at = Number(cursor);
      return [at + 1 < batches.length ? String(at + 1) : '0', [...(batches[at] ?? [])]];
    },
    read: async names => {
      read.push(...names);
      return names.map(name => (gone.includes(name) ? null : Buffer.from(name)));
    },
    idOf: name => name.replace('listing:', ''),
  });
  const ids: string[] = [];
  for await (const batch of listings) {
    for (const { id, listing } of batch) {
      t.equal(listing.toString(), `listing:${id}`);
      ids.push(id);
    }
  }
  return { ids, read: read.length };
}

const names = (...ids: string[]) => ids.map(id => `listing:${id}`);

t.test('a session that is named again is listed once: in a batch, in a later one, by another server', async t => {
  const servers = [[names('a', 'b', 'a'), [], names('b', 'c')], [names('c', 'd')]];
  t.same(await idsOf(servers), { ids: ['a', 'b', 'c', 'd'], read: 4 });
});

t.test('one that has ended since it was named is left out', async t => {
  t.same((await idsOf([[names('a', 'b')]], names('a'))).ids, ['b']);
});

t.test('nothing is listed of nothing', async t => {
  t.same(await idsOf([]), { ids: [], read: 0 });
  t.same(await idsOf([[[]]]), { ids: [], read: 0 });
});
