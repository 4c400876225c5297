import type { SignedIn } from '../policy/index.ts';

/** A person signed in through one connection in one browser on one portal host. */
export interface Session extends SignedIn {
  /** Names the session in the store; neither the cookie nor anything that opens the record. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** The absolute end, milliseconds since the epoch. */
  readonly expires: number;
  /** When the provider last said that the person still may, milliseconds since the epoch. */
  readonly refreshed: number;
  /** Whether the provider gave a refresh token: without one it is never asked about this session. */
  readonly refreshable: boolean;
  /** The provider's own session (`sid` claim). */
  readonly sid?: string;
  /** The provider's `login_hint` claim, for its `logout_hint`. */
  readonly loginHint?: string;
}

/** What the provider gave; kept apart from what each request reads. */
export interface ProviderTokens {
  readonly idToken: string;
  readonly refreshToken?: string;
}
