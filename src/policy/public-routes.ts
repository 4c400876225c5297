import type { Config, Portal } from '../config/index.ts';
import { compilePattern, isMisplaced, normalise, type PathMatcher, type Place } from '../portals/index.ts';

/** Whether a method at a place is a public route. */
export type PublicRoutes = (method: string, place: Place) => boolean;

interface Route {
  /** Undefined: every method. */
  readonly methods?: ReadonlySet<string>;
  readonly matches: PathMatcher;
}

const READ: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const EXCHANGE: ReadonlySet<string> = new Set(['GET', 'POST']);
const WRITE: ReadonlySet<string> = new Set(['POST']);

/** What a Halo answers to anybody, beside the routes of its portals and of its authorization server. */
const SHIPPED: readonly { readonly methods: ReadonlySet<string>; readonly paths: readonly string[] }[] = [
  {
    methods: READ,
    paths: [
      '/favicon.ico',
      '/robots.txt',
      '/api/authinfo',
      '/chat/index.js',
      '/api/ReportData/*',
      '/api/attachment/image',
    ],
  },
  {
    methods: EXCHANGE,
    paths: [
      '/api/Notify/**',
      '/api/Chat*/**',
      '/api/Feedback/*',
      '/api/UnsubServiceEmails',
      '/api/Appointment/Booking',
    ],
  },
  { methods: WRITE, paths: ['/api/ServiceStatus/Subscribe'] },
];

const ANONYMOUS_ARTICLES = '/anonymouskb';
const DISCOVERY = compilePattern('/.well-known/**');

/**
 * Prepares the public routes: the shipped ones where `routes.defaults` says so, and the configured ones.
 * @throws RangeError for a configured path that is no pattern
 */
export function compilePublicRoutes(config: Pick<Config, 'portals' | 'routes'>): PublicRoutes {
  const routes = config.routes.public.map(configuredRoute);
  if (!config.routes.defaults) return (method, place) => isListed(routes, method, place.target.key);
  routes.push(
    ...SHIPPED.flatMap(({ methods, paths }) => paths.map(path => ({ methods, matches: compilePattern(path) }))),
  );
  const articles = articleKeys(config.portals);
  return (method, place) =>
    isListed(routes, method, place.target.key) || (READ.has(method) && isPortalRoute(articles, place));
}

function configuredRoute({ path, methods }: Config['routes']['public'][number]): Route {
  const matches = compilePattern(path);
  return methods === undefined || methods.length === 0 ? { matches } : { matches, methods: new Set(methods) };
}

function isListed(routes: readonly Route[], method: string, key: string): boolean {
  for (const route of routes) {
    if (route.matches(key) && (route.methods === undefined || route.methods.has(method))) return true;
  }
  return false;
}

/** The key of each user portal's anonymous articles, by the portal's name. */
function articleKeys(portals: readonly Portal[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const portal of portals) {
    if (portal.kind !== 'user') continue;
    const target = normalise(`${portal.path}${ANONYMOUS_ARTICLES}`);
    if (!isMisplaced(target)) keys.set(portal.name, target.key);
  }
  return keys;
}

/** A portal's path means something on its own host alone, so another host's portals make nothing public. */
function isPortalRoute(articles: ReadonlyMap<string, string>, place: Place): boolean {
  if (place.route.kind === 'auth') return DISCOVERY(`/${place.route.rest}`);
  for (const portal of place.portals) {
    if (articles.get(portal.name) === place.target.key) return true;
  }
  return false;
}
