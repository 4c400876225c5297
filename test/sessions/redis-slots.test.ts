import t from 'tap';
import { createSlotKeys } from '../../src/sessions/redis-slots.ts';

const SLOTS = 1000;

t.test('a key for each server, however few slots it has, and no number looked at twice', async t => {
  const looked: number[] = [];
  const slotOf = (number: number) => (number * 7919) % SLOTS;
  const numbersOf = createSlotKeys(number => {
    looked.push(number);
    return slotOf(number);
  });
  const owners = Array.from({ length: SLOTS }, () => 'large');
  const found = () => {
    const numbers = numbersOf(owners);
    t.strictSame(new Set(numbers.keys()), new Set(owners));
    for (const [name, number] of numbers) t.equal(owners[slotOf(number)], name);
  };
  found();
  for (const slot of [999, 0, 500, 998]) {
    owners[slot] = `small-${slot}`;
    found();
  }
  owners[999] = 'small-0';
  owners[0] = 'large';
  found();
  t.strictSame(new Set(looked).size, looked.length);
});

t.test('slots that nobody has', async t => {
  const numbersOf = createSlotKeys(number => number % SLOTS);
  t.strictSame([...numbersOf([])], []);
  t.strictSame([...numbersOf([undefined, undefined, 'one'])], [['one', 2]]);
});
