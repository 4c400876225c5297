/** Who signed in, as far as decisions and identity headers need it. */
export interface Person {
  /** `{tid}.{oid}` at Entra, `{iss}|{sub}` at other providers. */
  readonly id: string;
  /** The tenant's id in lower case; empty at other providers. */
  readonly tid: string;
  /** The person within the tenant; `sub` at other providers. */
  readonly oid: string;
  readonly username: string;
  /** Empty where the address does not count. */
  readonly email: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly guest: boolean;
}

/** What a decision needs to know of a session. */
export interface SignedIn {
  /** The name of the connection through which the person signed in. */
  readonly connection: string;
  readonly person: Person;
}
