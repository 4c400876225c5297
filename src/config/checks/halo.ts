import { isAtOrBelow, parseOrigin, pathProblem } from '../addresses.ts';
import { type Draft, entries } from '../draft.ts';
import { quote, type Report } from '../findings.ts';
import type { Path } from '../location.ts';
import { patternProblem } from '../patterns.ts';
import type { Settings, UpstreamSettings } from '../schema/index.ts';

export function checkHalo(settings: Draft<Settings>, report: Report): void {
  const halo = settings.halo;
  checkUpstream(halo?.upstream, ['halo', 'upstream'], report);
  if (halo?.authPath !== undefined) {
    if (isAtOrBelow(halo.authPath, '/.halogate')) {
      report('RESERVED_PATH', ['halo', 'authPath'], 'everything below "/.halogate" is the gateway\'s own');
    }
    const problem = pathProblem(halo.authPath.replace(/\/$/, ''));
    if (problem !== undefined)
      report('INVALID_PATH', ['halo', 'authPath'], `${problem}, found ${quote(halo.authPath)}`);
  }
  for (const { value, path } of entries(halo?.shared, ['halo', 'shared'])) {
    const problem = patternProblem(value);
    if (problem !== undefined) report('INVALID_PATTERN', path, `${problem}, found ${quote(value)}`);
  }
}

/** An upstream is an origin; a client certificate comes with its key; TLS material is for https. */
export function checkUpstream(upstream: Draft<UpstreamSettings> | undefined, path: Path, report: Report): void {
  if (upstream === undefined) return;
  const { url, ...tls } = typeof upstream === 'string' ? { url: upstream } : upstream;
  const urlPath = typeof upstream === 'string' ? path : [...path, 'url'];
  const { cert, key } = tls as { cert?: string; key?: string };
  if ((cert === undefined) !== (key === undefined)) {
    const missing = cert === undefined ? 'cert' : 'key';
    report('MISSING_KEY', [...path, missing], 'is required: a client certificate is "cert" and "key"', 'key');
  }
  if (url === undefined) return;
  const { value, problem } = parseOrigin(url);
  if (problem !== undefined) report('INVALID_URL', urlPath, `${problem}, found ${quote(url)}`);
  else if (!value.secure) {
    for (const name of Object.keys(tls))
      report('KEY_NOT_APPLICABLE', [...path, name], 'has no meaning for an http:// upstream', 'key');
  }
}
