import { parsePortalAddress } from '../addresses.ts';
import { defaults } from '../defaults.ts';
import { type Draft, entries, present } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import type { Path } from '../location.ts';
import { isLiteral, patternProblem, reachesBelow } from '../patterns.ts';
import type { Settings } from '../schema/index.ts';

export function checkRoutes(settings: Draft<Settings>, report: Report): void {
  const bases = authBases(settings);
  for (const { value: route, path } of entries(settings.routes?.public, ['routes', 'public'])) {
    if (route.path === undefined) continue;
    const at = [...path, 'path'];
    const problem = patternProblem(route.path);
    const methods = present(route.methods);
    if (problem !== undefined) report('INVALID_PATTERN', at, `${problem}, found ${quote(route.path)}`);
    else if (methods.length === 0 || methods.includes('POST')) checkAuthPaths(route.path, bases, at, report);
  }
}

/** `{authPath}`, and `{portal path}{authPath}` of every portal. */
function authBases(settings: Draft<Settings>): string[] {
  const authPath = (settings.halo?.authPath ?? defaults.authPath).replace(/\/$/, '');
  const portalPaths = present(settings.portals).map(({ url }) =>
    url === undefined ? '' : (parsePortalAddress(url).value?.path ?? ''),
  );
  return [...new Set(['', ...portalPaths])].map(portalPath => portalPath + authPath);
}

/** A POST to an auth path is how Halo takes passwords; a public route would let it pass under forced sign-in. */
function checkAuthPaths(pattern: string, bases: readonly string[], path: Path, report: Report): void {
  const base = bases.find(candidate => reachesBelow(pattern, candidate));
  if (base === undefined) return;
  const isToken = bases.some(
    candidate => reachesBelow(pattern, `${candidate}/token`) && reachesBelow(`${candidate}/token`, pattern),
  );
  if (isLiteral(pattern) && !isToken) {
    const message = `opens POST ${quote(pattern)} on an auth path to everybody; make sure that Halo takes no password there`;
    report('PUBLIC_ROUTE_ON_AUTH_PATH', path, message);
  } else {
    const message = `lets POST to ${quote(base)} pass without sign-in; name one path without a wildcard, other than token, or methods without POST`;
    report('PUBLIC_ROUTE_OPENS_SIGN_IN', path, message);
  }
}
