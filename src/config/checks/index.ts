import type { Draft } from '../draft.ts';
import type { Report } from '../findings.ts';
import type { Settings } from '../schema/index.ts';
import { checkConnections } from './connections.ts';
import { warnOfAmbiguousDomains } from './domains.ts';
import { warnOfExposure } from './exposure.ts';
import { checkHalo } from './halo.ts';
import { checkIdentity } from './identity.ts';
import { checkNetwork } from './network.ts';
import { checkPortals } from './portals.ts';
import { checkRedis } from './redis.ts';
import { checkRoutes } from './routes.ts';
import { checkTimes } from './times.ts';

/** Everything that a schema cannot say about settings, and that can be said without looking outside the file. */
export function checkMeaning(settings: Draft<Settings>, report: Report): void {
  checkNetwork(settings, report);
  checkHalo(settings, report);
  checkPortals(settings, report);
  checkConnections(settings, report);
  warnOfAmbiguousDomains(settings, report);
  checkRoutes(settings, report);
  checkRedis(settings, report);
  checkTimes(settings, report);
  checkIdentity(settings, report);
  warnOfExposure(settings, report);
}
