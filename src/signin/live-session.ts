import { cookieName, type Session, StoreUnreachableError } from '../sessions/index.ts';
import { isOfHost } from './admission.ts';
import type { SignInContext, Visit } from './visit.ts';

/** The browser's session, through whichever connection of the host, or `unknown` where the store cannot be asked about it. */
export async function liveSession(
  { sessions, policy }: SignInContext,
  visit: Visit,
): Promise<Session | 'unknown' | undefined> {
  const cookie = visit.cookies.get(cookieName('session', visit.secure));
  if (cookie === undefined) return undefined;
  try {
    const session = await sessions.read(cookie, visit.client);
    return session && isOfHost(policy, session, visit.place.hostPortals) ? session : undefined;
  } catch (error) {
    if (error instanceof StoreUnreachableError) return 'unknown';
    throw error;
  }
}
