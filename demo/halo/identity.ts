import type { Received } from './received.ts';

/** Whom Halo believes to see, and why. */
export interface Visitor {
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly groups: string;
  readonly portal: string;
  readonly connection: string;
  readonly by: 'identity headers' | "Halo's own sign-in";
}

/** The cookie of Halo's own sign-in. */
export const HALO_COOKIE = '.AspNetCore.Identity.Application';

/** Reads the visitor from the identity headers, else from Halo's own cookie. */
export function visitorOf(received: Received, cookies: ReadonlyMap<string, string>): Visitor | undefined {
  const header = (name: string) => received.header(name) ?? '';
  const username = header('x-forwarded-user');
  if (username) {
    return {
      username,
      name: header('x-forwarded-name'),
      email: header('x-forwarded-email'),
      groups: header('x-forwarded-groups'),
      portal: header('x-halo-portal'),
      connection: header('x-halo-connection'),
      by: 'identity headers',
    };
  }
  const own = readHaloCookie(cookies.get(HALO_COOKIE));
  if (!own) return undefined;
  return { username: own, name: own, email: '', groups: '', portal: '', connection: '', by: "Halo's own sign-in" };
}

/** The value of Halo's cookie for a username. */
export function haloCookie(username: string): string {
  return Buffer.from(username).toString('base64url');
}

function readHaloCookie(value: string | undefined): string | undefined {
  return value ? Buffer.from(value, 'base64url').toString('utf8') : undefined;
}
