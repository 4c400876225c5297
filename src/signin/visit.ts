import type { Answers, Audience } from '../answers/index.ts';
import type { Config, Connection } from '../config/index.ts';
import type { Audit, SignInRecorder } from '../ops/index.ts';
import type { Policy } from '../policy/index.ts';
import type { Locate, Place } from '../portals/index.ts';
import type { Sessions } from '../sessions/index.ts';
import type { Browser } from './browser.ts';
import type { Limits } from './limits.ts';
import type { LogoutToken } from './logout-token.ts';
import type { Provider } from './provider.ts';
import type { Cookies, Transactions } from './transaction.ts';

/** One request to one of the gateway's own paths, as far as signing in and out need it. */
export interface Visit {
  readonly method: string;
  readonly place: Place;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly cookies: Cookies;
  /** Whether the host's public URL is https. */
  readonly secure: boolean;
  /** The host's public origin. */
  readonly origin: string;
  /** The client's address. */
  readonly client: string;
  /** The parameters of the query, or of a form_post callback's body. */
  readonly parameters: URLSearchParams;
  readonly audience: Audience;
}

/** What signing in and out work with. */
export interface SignInContext {
  readonly config: Config;
  readonly locate: Locate;
  /** As it is now. */
  readonly policy: Policy;
  /** Waits, for a bounded time, until it is known for the first time whom a connection admits. */
  readonly tenantsKnown: (connection: string) => Promise<void>;
  readonly sessions: Sessions;
  /** True for the first caller of a name within `ttl` milliseconds, across replicas. @throws StoreUnreachableError */
  readonly once: (name: string, ttl: number) => Promise<boolean>;
  readonly limits: Limits;
  readonly answers: Answers;
  readonly transactions: Transactions;
  readonly browser: Browser;
  readonly provider: (connection: Connection) => Provider;
  /** @throws LogoutTokenError for one that does not count, SignInError `PROVIDER_UNREACHABLE` where that cannot be known */
  readonly readLogoutToken: (token: string) => Promise<LogoutToken>;
  readonly audit: Audit;
  readonly recorder: SignInRecorder;
  /** What an operator is to be told at once. */
  readonly log: { error(facts: object, message: string): void };
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
