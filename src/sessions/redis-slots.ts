/** Which server has which slot: its name, at the slot's place. */
export type SlotOwners = readonly (string | undefined)[];

/**
 * Finds for each server of a cluster the number of a key that lies there. What was found is remembered for whoever has the slot later:
 * no number is looked at twice, however the slots move.
 * @param slotOf the slot in which the key of a number lies; every slot has some
 */
export function createSlotKeys(
  slotOf: (number: number) => number,
): (owners: SlotOwners) => ReadonlyMap<string, number> {
  const numbers = new Map<number, number>();
  let next = 0;

  return owners => {
    const missing = new Set<string>();
    for (const owner of owners) if (owner !== undefined) missing.add(owner);
    const found = new Map<string, number>();
    const take = (slot: number, number: number) => {
      const owner = owners[slot];
      if (owner !== undefined && missing.delete(owner)) found.set(owner, number);
    };
    for (const [slot, number] of numbers) take(slot, number);
    for (; missing.size > 0; next += 1) {
      const slot = slotOf(next);
      if (!numbers.has(slot)) numbers.set(slot, next);
      take(slot, next);
    }
    return found;
  };
}
