import { SignInError } from './errors.ts';

/** Claims as they came: nothing is known of their types. */
export type RawClaims = Readonly<Record<string, unknown>>;

/** As Entra writes its ids. */
export const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** C0, DEL and C1: none of them may reach a header or a log line. */
const CONTROL = /\p{Cc}/u;

/** A claim that must be there. @throws SignInError `TOKEN_INVALID` */
export function requiredText(claims: RawClaims, name: string): string {
  const value = optionalText(claims, name);
  if (value === undefined) throw invalid(`${name} is missing`);
  return value;
}

/**
 * A claim that is absent or empty is undefined; every other must be a string without control characters.
 * @throws SignInError `TOKEN_INVALID`
 */
export function optionalText(claims: RawClaims, name: string): string | undefined {
  const value = claims[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw invalid(`${name} is not a string`);
  if (CONTROL.test(value)) throw invalid(`${name} holds a control character`);
  return value;
}

/** A list of texts; empty where the claim is absent. @throws SignInError `TOKEN_INVALID` */
export function textList(claims: RawClaims, name: string): readonly string[] {
  const value = claims[name];
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid(`${name} is not a list`);
  return value.map(entry => {
    if (typeof entry !== 'string') throw invalid(`${name} holds something that is not a string`);
    if (CONTROL.test(entry)) throw invalid(`${name} holds a control character`);
    return entry;
  });
}

/** A token that is not what it should be. @param why for the log: which check failed */
export function invalid(why: string): SignInError {
  return new SignInError('TOKEN_INVALID', { why });
}
