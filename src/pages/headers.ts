/** A host name or address with an optional port: what `URL` lets through as an origin may still hold a `;` or a `*`. */
const ORIGIN = /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d+)?$/;

/** The origin of an address, in the form that a Content-Security-Policy takes; undefined for anything else. */
function policyOrigin(address: string): string | undefined {
  const origin = URL.parse(address)?.origin;
  return origin !== undefined && ORIGIN.test(origin) ? origin : undefined;
}

/** The header fields of a page. */
export function pageHeaders({
  formTargets = [],
  framed = false,
  language,
}: {
  /** Origins beside the page's own that its forms may lead to, redirects included; what is no origin is left out. */
  readonly formTargets?: readonly string[];
  /** Whether the page may stand in a frame of any other page. */
  readonly framed?: boolean;
  /** The tag of the language that it is written in. */
  readonly language: string;
}): Record<string, string> {
  const origins = formTargets.map(policyOrigin).filter(origin => origin !== undefined);
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    ["form-action 'self'", ...new Set(origins)].join(' '),
  ];
  if (!framed) policy.push("frame-ancestors 'none'");
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Language': language,
    'Content-Security-Policy': policy.join('; '),
    // Not `no-referrer`: with it a browser sends `Origin: null` along with the forms of the page itself.
    'Referrer-Policy': 'strict-origin',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  };
}
