import { createSecureContext } from 'node:tls';
import type { ListenerTls } from './config.ts';
import type { Draft } from './draft.ts';
import type { Report } from './findings.ts';
import type { Path } from './location.ts';
import { readKeyPair } from './pem.ts';
import type { Settings } from './schema/index.ts';
import type { Surroundings } from './secrets.ts';

/** The certificate of the public listener and its key; undefined where they could not be read or do not serve. */
export function readListenerTls(
  tls: Draft<Settings>['tls'],
  path: Path,
  surroundings: Surroundings,
  report: Report,
): ListenerTls | undefined {
  if (tls === undefined) return undefined;
  const { cert, key, certificate, privateKey } = readKeyPair(tls, path, surroundings, report);
  if (cert === undefined || key === undefined || certificate === undefined || privateKey === undefined)
    return undefined;
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    // A key that is too short for today, a chain that is cut off.
    report('INVALID_CERTIFICATE', [...path, 'cert'], `TLS cannot be served with it${reasonOf(error)}`);
    return undefined;
  }
  return { cert, key };
}

/** OpenSSL's own few words. */
function reasonOf(error: unknown): string {
  return error instanceof Error && 'reason' in error ? ` (${String(error.reason)})` : '';
}
