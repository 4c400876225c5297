import type { Config, Portal, Upstream } from '../../config/index.ts';
import { askUpstream } from '../../proxy/index.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** How long an upstream may take, in milliseconds. */
const UPSTREAM_TIME = 10_000;
const AUTH_INFO = '/api/authinfo';

/** What to do, by the reason why an upstream did not answer. */
const BY_REASON: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: check host and port, and that Halo runs.',
  ENOTFOUND: 'The host name is unknown: check "upstream".',
  EAI_AGAIN: 'Host names cannot be resolved now: check the DNS of this machine.',
  'connect-timeout': 'No connection comes about: check host, port and the firewalls between.',
  timeout: 'It does not answer in time: check host and port, and that Halo runs.',
  tls: 'Its certificate does not verify: set "ca" and, where the name in it is another one, "servername" of "upstream".',
  protocol: 'It does not speak HTTP: check port and "http:" or "https:".',
  closed:
    'It closes the connection: check port and "http:" or "https:", and whether it asks for a client certificate ("cert", "key").',
};

/** Every portal of one upstream. */
interface Site {
  readonly upstream: Upstream;
  readonly portals: readonly [Portal, ...Portal[]];
}

/** Halo behind each portal: whether it answers, and where it signs people in. */
export async function examineUpstreams(config: Config): Promise<readonly Check[]> {
  const checks = await Promise.all(sitesOf(config.portals).map(site => examineSite(site, config)));
  return checks.flat();
}

function sitesOf(portals: readonly Portal[]): readonly Site[] {
  const groups = Map.groupBy(portals, ({ upstream: { origin, ...tls } }) => JSON.stringify([origin, tls]));
  return [...groups.values()].flatMap(([first, ...others]) =>
    first ? [{ upstream: first.upstream, portals: [first, ...others] }] : [],
  );
}

async function examineSite(site: Site, config: Config): Promise<readonly Check[]> {
  const { upstream, portals } = site;
  const named = `upstream ${upstream.origin}`;
  const answers = await Promise.all(
    portals.map(portal => examinePortal(upstream, portal, `${named}, portal ${portal.name}`)),
  );
  if (answers.every(({ verdict }) => verdict === 'FAIL')) return answers;
  return [...answers, await examineAuthPath(site, config, `${named}, auth path`)];
}

async function examinePortal(upstream: Upstream, portal: Portal, subject: string): Promise<Check> {
  const path = portal.path || '/';
  const answer = await askUpstream(upstream, { path, portal: new URL(portal.url) }, UPSTREAM_TIME);
  if ('failure' in answer) {
    const advice = BY_REASON[answer.failure] ?? 'Check "upstream", and that Halo runs.';
    return fail(subject, `It does not answer (${answer.failure}). ${advice}`);
  }
  const said = `${path} answers ${answer.status}`;
  if (answer.status >= 500)
    return fail(subject, `${said}. Halo, or what stands before it, is at fault: its log says more.`);
  if (answer.status >= 400 && answer.status !== 401)
    return warn(
      subject,
      `${said}. Check that this upstream serves ${portal.host}: the gateway sends it the portal's own Host.`,
    );
  return ok(subject, `${said}${upstream.origin.startsWith('https:') ? ', its certificate verifies' : ''}.`);
}

/** Halo tells its clients where they sign in; it must be where the gateway looks for it. */
async function examineAuthPath({ upstream, portals }: Site, config: Config, subject: string): Promise<Check> {
  const [portal] = portals;
  const answer = await askUpstream(upstream, { path: AUTH_INFO, portal: new URL(portal.url) }, UPSTREAM_TIME);
  const url = 'body' in answer ? authUrlIn(answer.body, portal.origin) : undefined;
  const { authPath } = config.halo;
  if (!url) {
    const said = 'status' in answer ? `answers ${answer.status} without auth_url` : `fails (${answer.failure})`;
    return warn(
      subject,
      `${AUTH_INFO} ${said}. Compare "halo.authPath", ${authPath}, with Halo's authorization URL by hand.`,
    );
  }
  const named = url.pathname.replace(/\/$/, '');
  const expected = new Set(
    config.portals.flatMap(({ path }) => [authPath, path + authPath]).map(path => path.toLowerCase()),
  );
  if (!expected.has(named.toLowerCase())) {
    return fail(
      subject,
      `Halo signs people in at ${url.origin}${named}, "halo.authPath" is ${authPath}. Set it to ${named || '/'}.`,
    );
  }
  if (!config.portals.some(({ host }) => host === url.host)) {
    return warn(
      subject,
      `Halo signs people in at ${url.origin}${named}, which is the host of no portal: what goes there does not pass the gateway. Set Halo's own addresses to those of the portals, or give that host a portal.`,
    );
  }
  return ok(subject, `Halo names ${url.origin}${named}.`);
}

function authUrlIn(body: string, base: string): URL | undefined {
  try {
    const info: unknown = JSON.parse(body);
    if (typeof info !== 'object' || info === null || !('auth_url' in info)) return undefined;
    return URL.parse(String(info.auth_url), base) ?? undefined;
  } catch {
    return undefined;
  }
}
