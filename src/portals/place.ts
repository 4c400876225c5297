import type { Portal } from '../config/index.ts';

/** A request target in its one normal form. */
export interface Target {
  /** The normalised path, as it is forwarded. */
  readonly path: string;
  /** Byte for byte as it came, with its `?`; empty without one. */
  readonly query: string;
  /** What rules match: fully decoded, ASCII letters in lower case, no trailing slash (`/` at the root). */
  readonly key: string;
}

/** What kind of path a request asks for. */
export type RouteClass =
  /** Below `/.halogate`; `name` is the rest of the key without its leading slash. */
  | { readonly kind: 'own'; readonly name: string }
  /** Halo's import callback, `/azure/auth`. */
  | { readonly kind: 'import' }
  /** An auth path of the host; `rest` is what follows it in the key, without a leading slash. */
  | { readonly kind: 'auth'; readonly rest: string }
  /** `/api/**`. */
  | { readonly kind: 'api' }
  | { readonly kind: 'other' };

/** Where a request belongs, as far as its method, target and Host tell. */
export interface Place {
  readonly target: Target;
  readonly route: RouteClass;
  /** The one portal that it belongs to; for a shared path all portals of the host, the root portal first. */
  readonly portals: readonly [Portal, ...Portal[]];
  /** Every portal of the host, the root portal first. */
  readonly hostPortals: readonly [Portal, ...Portal[]];
  readonly shared: boolean;
}

/** A request that has no place: 400 or 421. */
export interface Misplaced {
  readonly refused: 'BAD_TARGET' | 'UNKNOWN_HOST';
  /** One sentence for the log and the problem's `detail`; quotes nothing of the request. */
  readonly why: string;
}

/**
 * One request line and Host to its place.
 * @param target the raw request target as it came (origin form or absolute form), query included
 * @param host the Host header; undefined where there is none
 */
export type Locate = (method: string, target: string, host: string | undefined) => Place | Misplaced;
