import type { IncomingHttpHeaders } from 'node:http';
import type { Endpoint } from './faults.ts';
import type { Person, PersonKey } from './people.ts';
import type { Switches } from './switches.ts';

/** An app registration. */
export interface Client {
  readonly id: string;
  readonly secret: string;
  /** PEM of a certificate that is registered with it. May change while the stand-in runs. */
  certificate?: string;
  /** The token of a workload that may act for it. May change while the stand-in runs. */
  federatedToken?: string;
  readonly name: string;
  /** The registered redirect URIs; left out: every one is taken. May change while the stand-in runs. */
  redirectUris?: string[];
  /** The tenants whose administrators approved it; left out: every one. Grows by their approvals, may change while the stand-in runs. */
  consentedBy?: string[];
}

/** A request that the stand-in received. */
export interface EntraRequest {
  readonly endpoint: Endpoint;
  readonly method: string;
  /** The tenant as the path named it. */
  readonly tenant: string;
  /** Query and form together. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
}

/** Somebody who is signed in at the stand-in in one browser. */
export interface SignOn {
  readonly person: PersonKey;
  /** Goes into the tokens as `sid`. */
  readonly sid: string;
}

/** What a code or a refresh token was given for. */
export interface Grant {
  readonly signOn: SignOn;
  /** Through which a code was asked for, in lower case: a tenant, or any. */
  readonly authority: string;
  /** The tenant that issues the tokens. */
  readonly tenant: string;
  readonly clientId: string;
  readonly scope: string;
  readonly redirectUri: string;
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
  /** Seconds since the epoch at which a code is no longer taken. */
  readonly codeEnds: number;
}

/** What an access token was given for. */
export interface AccessToken {
  readonly tenant: string;
  readonly clientId: string;
  readonly scope: string;
  /** Left out: the application itself. */
  readonly person?: PersonKey;
}

/** Everything that a running stand-in knows. */
export interface State {
  /** Origin, known once it listens. */
  url: string;
  readonly autoSelect: boolean;
  readonly people: Record<PersonKey, Person>;
  readonly clients: Client[];
  readonly switches: Switches;
  readonly requests: EntraRequest[];
  /** Who is chosen next where a person would be asked. */
  readonly choices: Choice[];
  /** By the value of the browser's cookie. */
  readonly signOns: Map<string, SignOn>;
  readonly codes: Map<string, Grant>;
  readonly redeemed: Set<string>;
  /** The `jti` of every client assertion that was taken. */
  readonly assertions: Set<string>;
  readonly refreshTokens: Map<string, Grant>;
  readonly revoked: Set<string>;
  readonly accessTokens: Map<string, AccessToken>;
  /** Seconds since the epoch. */
  now(): number;
}

export type Choice = PersonKey | 'cancel';

/** A request to one endpoint, with what the path and the parameters say. */
export interface Call {
  readonly tenant: string;
  readonly params: URLSearchParams;
  readonly cookies: ReadonlyMap<string, string>;
}

/** Whether a text names a choice. */
export function isChoice(state: State, text: string): text is Choice {
  return text === 'cancel' || Object.hasOwn(state.people, text);
}
