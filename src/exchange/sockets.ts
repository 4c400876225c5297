import type { Config, Portal } from '../config/index.ts';
import { mayEnter, type Policy } from '../policy/index.ts';
import type { Tunnel } from '../proxy/index.ts';
import type { Session, Sessions } from '../sessions/index.ts';

/**
 * How often it is asked whether the sessions of open WebSockets still may, in milliseconds. One that ends before its time is told at
 * once; this finds what ended by its time, what nobody could tell, and who may no longer enter.
 */
const CHECK_INTERVAL = 500;

/** Whose a WebSocket is. */
export interface Holder {
  readonly cookie: string;
  readonly portal: Portal;
}

interface Held extends Holder {
  /** The session's ids: by one of them its end is told. */
  readonly ids: readonly string[];
}

/** The open WebSockets. One that was let through with identity is closed (1008) when its session ends or may no longer enter. */
export interface Sockets {
  /** @param holder left out where it was let through without identity */
  add(tunnel: Tunnel, holder?: Holder): void;
  /** Asks now whether the sessions of those that are open still may: who may enter has changed. */
  judge(): void;
  /** How many are open. */
  size(): number;
  /** Closes every one (1001), spread over a time. @param within milliseconds */
  closeAll(within: number): void;
  /** Checks no more. */
  stop(): void;
}

/** Who may enter what. */
interface Judgement {
  readonly config: Pick<Config, 'portals'>;
  readonly policy: Policy;
}

/** @param judgement as it is now */
export function createSockets(sessions: Sessions, judgement: () => Judgement): Sockets {
  const open = new Map<Tunnel, Held | undefined>();
  let checking = false;
  let closing = false;
  const timer = setInterval(() => void check(), CHECK_INTERVAL).unref();

  sessions.onEnded(ids => {
    const ended = new Set(ids);
    for (const [tunnel, held] of open) if (held?.ids.some(id => ended.has(id))) closeEnded(tunnel);
  });

  async function check(): Promise<void> {
    // A store that answers late must not be asked again and again meanwhile.
    if (checking) return;
    checking = true;
    const cookies = new Set([...open.values()].flatMap(holder => (holder ? [holder.cookie] : [])));
    await Promise.all([...cookies].map(async cookie => closeUnless(cookie, await sessionOf(cookie))));
    checking = false;
  }

  /** Undefined, too, where the store has been gone for so long that nobody can know. */
  function sessionOf(cookie: string): Promise<Session | undefined> {
    return sessions.peek(cookie).catch(() => undefined);
  }

  function closeUnless(cookie: string, session: Session | undefined): void {
    for (const [tunnel, holder] of open) {
      if (holder?.cookie !== cookie) continue;
      if (!session || !mayStay(session, holder.portal)) closeEnded(tunnel);
    }
  }

  /** By the settings of now: the portal may have gone, or have another name or rule. */
  function mayStay(session: Session, { url }: Portal): boolean {
    const { config, policy } = judgement();
    const portal = config.portals.find(portal => portal.url === url);
    return portal !== undefined && mayEnter(policy, session, portal);
  }

  function closeEnded(tunnel: Tunnel): void {
    tunnel.close(1008, 'The session has ended.');
  }

  function closeGoing(tunnel: Tunnel): void {
    tunnel.close(1001, 'The gateway is going away.');
  }

  return {
    add(tunnel, holder) {
      open.set(tunnel, holder && { ...holder, ids: sessions.idsOf(holder.cookie) });
      void tunnel.closed.then(() => open.delete(tunnel));
      // Its upgrade was under way when the others were told.
      if (closing) closeGoing(tunnel);
    },
    judge: () => void check(),
    size: () => open.size,
    closeAll(within) {
      closing = true;
      const tunnels = [...open.keys()];
      for (const [index, tunnel] of tunnels.entries()) {
        if (within === 0) closeGoing(tunnel);
        else setTimeout(closeGoing, (within * index) / tunnels.length, tunnel).unref();
      }
    },
    stop: () => clearInterval(timer),
  };
}
