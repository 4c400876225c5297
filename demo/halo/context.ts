import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Visitor } from './identity.ts';
import type { Received } from './received.ts';

/** One request on its way through the stand-in. */
export interface Context {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly received: Received;
  /** Decoded and in lower case, without the portal's prefix on auth paths, without a trailing slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly cookies: ReadonlyMap<string, string>;
  readonly visitor: Visitor | undefined;
  /** The address by which the browser reached Halo, as the proxy in front tells it. */
  readonly origin: string;
  readonly halo: HaloState;
}

/** What a running stand-in remembers. */
export interface HaloState {
  readonly authPath: string;
  /** Refresh tokens that are good, with the username of each. */
  readonly refreshTokens: Map<string, string>;
  /** Codes of `authorize` that are good, with the username of each. */
  readonly codes: Map<string, string>;
}

/** A path of Halo: an exact one, or with `/*` at its end everything below. */
export interface Route {
  readonly methods: readonly string[];
  readonly path: string;
  readonly act: (context: Context) => Promise<void> | void;
}
