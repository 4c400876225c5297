import { type Claims, type Endpoint, FAULTS, type Fault, type FaultName, type WrongAnswer } from './faults.ts';

/** The faults of one running stand-in, switched on and off at run time. */
export class Switches {
  readonly #on = new Set<FaultName>();

  /** Claims that replace those of every ID token; `undefined` deletes one. They win over the faults. */
  claims: Claims = {};

  /** With it, the authorization endpoint asks nobody and answers this at the redirect URI. */
  authorizeError: { readonly error: string; readonly error_description?: string } | undefined;

  /** Milliseconds by which a slow endpoint answers late. */
  delay = 1000;

  on(...names: FaultName[]): void {
    for (const name of names) this.#on.add(name);
  }

  off(...names: FaultName[]): void {
    for (const name of names) this.#on.delete(name);
  }

  /** Everything works again. */
  clear(): void {
    this.#on.clear();
    this.claims = {};
    this.authorizeError = undefined;
    this.delay = 1000;
  }

  /** The faults that are on. */
  active(): Fault[] {
    return [...this.#on].map(name => FAULTS[name]);
  }

  /** What an endpoint answers in place of the proper answer, if anything. */
  answerAt(endpoint: Endpoint): WrongAnswer | undefined {
    for (const fault of this.active()) {
      if ('at' in fault && (fault.at === endpoint || fault.at === 'everywhere')) return fault.answer;
    }
    return undefined;
  }

  /** Whether token answers leave this token out. */
  withholds(token: 'id_token' | 'refresh_token'): boolean {
    return this.active().some(fault => 'withhold' in fault && fault.withhold === token);
  }
}
