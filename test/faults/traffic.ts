import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Kind, OpenSocket } from './client.ts';
import type { SignedIn } from './cluster.ts';

/** Milliseconds between two requests, or two messages, of one session. */
const PACE = 250;
const KINDS: readonly [Kind, ...Kind[]] = ['page', 'read', 'write'];

/** Everybody at work. */
export interface Traffic {
  /** Ends it when the requests under way are answered. */
  stop(): Promise<void>;
}

/**
 * Each session asks for pages, reads and writes in turn, one at a time, and every second one holds a WebSocket that it opens again when
 * it ends. They start one after another, so that not all ask at once.
 */
export function startTraffic(client: Client, sessions: readonly SignedIn[]): Traffic {
  let stopped = false;
  const sockets = new Set<OpenSocket>();

  async function requests(who: SignedIn, index: number): Promise<void> {
    await sleep((PACE * index) / sessions.length);
    for (let turn = index; !stopped; turn += 1) {
      await client.ask(who, KINDS[turn % KINDS.length] ?? 'page');
      await sleep(PACE);
    }
  }

  async function messages(who: SignedIn): Promise<void> {
    while (!stopped) {
      const socket = await client.openSocket(who);
      if (socket) await converse(socket);
      else await sleep(PACE);
    }
  }

  async function converse(socket: OpenSocket): Promise<void> {
    sockets.add(socket);
    if (stopped) socket.drop();
    const timer = setInterval(() => socket.say(), PACE);
    await socket.closed;
    clearInterval(timer);
    sockets.delete(socket);
  }

  const loops = sessions.flatMap((who, index) => [requests(who, index), ...(index % 2 ? [messages(who)] : [])]);
  return {
    async stop() {
      stopped = true;
      for (const socket of sockets) socket.drop();
      await Promise.all(loops);
    },
  };
}
