import type { Exchange } from './exchange.ts';

/** An exchange that can be replaced: whoever has begun with it ends with it. */
export interface Retiring {
  readonly exchange: Exchange;
  /** Nobody new comes. What the exchange works with is closed when the last one has gone. */
  retire(): void;
}

/** @param close closes what the exchange works with */
export function createRetiring(exchange: Exchange, close: () => void): Retiring {
  let underWay = 0;
  let retired = false;

  function closeWhenLeft(): void {
    if (retired && underWay === 0) close();
  }

  return {
    async exchange(...parts) {
      underWay += 1;
      try {
        await exchange(...parts);
      } finally {
        underWay -= 1;
        closeWhenLeft();
      }
    },
    retire() {
      retired = true;
      closeWhenLeft();
    },
  };
}
