import t from 'tap';
import { createMemoryStore } from '../../src/sessions/index.ts';
import { storeContract } from './store-contract.ts';

t.test('the memory store', t =>
  storeContract(t, async () => {
    let time = 1_000_000;
    return {
      store: createMemoryStore({ now: () => time }),
      async pass(milliseconds) {
        time += milliseconds;
      },
    };
  }),
);
