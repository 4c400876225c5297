/**
 * Identity headers are stripped from every request before the gateway sets them, so none of these can be one: HTTP itself, the browser
 * or the gateway's own forwarding gives them their meaning.
 */
const reserved = new Set(
  `accept accept-charset accept-encoding accept-language authorization cache-control connection content-disposition content-encoding
  content-language content-length content-location content-md5 content-range content-type cookie cookie2 date dnt dpop etag expect
  forwarded from host http2-settings if-match if-modified-since if-none-match if-range if-unmodified-since keep-alive last-modified
  max-forwards origin pragma priority proxy-authenticate proxy-authorization proxy-connection range referer set-cookie te trailer
  transfer-encoding upgrade upgrade-insecure-requests user-agent via warning x-http-method x-http-method-override x-method-override
  x-real-ip x-requested-with`.split(/\s+/),
);

/** Those of X-Forwarded-* that say how a request came; the others may well say who. */
const forwarding =
  /^x-forwarded-(for|proto|protocol|host|port|prefix|path|uri|url|method|scheme|server|ssl|by|client-cert)$/;
const families = /^(access-control-|sec-|x-original-|x-rewrite-)/;

/** Whether the header has a purpose that identity must not take from it; letter case, `-` and `_` do not count. */
export function isReservedHeader(name: string): boolean {
  const plain = sameHeader(name);
  return reserved.has(plain) || forwarding.test(plain) || families.test(plain);
}

/** Header names that many servers cannot tell apart have the same form here. */
export function sameHeader(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
