import type { Config } from '../config/index.ts';
import { comparableId, namedGroups, type Person } from '../policy/index.ts';

/** The groups of a person that go to Halo. */
export type GroupsForHalo = (person: Person) => readonly string[];

/**
 * Under `groups: named` only those that a rule of a published connection names, since all of a person's groups may burst the limit
 * that Halo sets for its headers; else all.
 */
export function createGroupsForHalo(config: Pick<Config, 'connections' | 'identity'>): GroupsForHalo {
  if (config.identity.groups === 'all') return person => person.groups;
  const named = new Set(
    config.connections.filter(({ published }) => published).flatMap(each => [...namedGroups(each)]),
  );
  return person => person.groups.filter(group => named.has(comparableId(group)));
}
