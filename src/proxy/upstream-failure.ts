import type { ForwardFailure } from './api.ts';

/** Words of undici for what happened, as far as they say more than that the connection failed. */
const REASONS: Readonly<Record<string, string>> = {
  EPROTO: 'tls',
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  UND_ERR_SOCKET: 'closed',
  UND_ERR_HEADERS_OVERFLOW: 'head-too-large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'request-truncated',
  UND_ERR_CLOSED: 'shutting-down',
  UND_ERR_DESTROYED: 'shutting-down',
};

/** Error codes of node:tls and OpenSSL that say that the other side is not who it should be. */
const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_|INVALID_(?:CA|PURPOSE))/;

/** A system error, which names itself well: `ECONNREFUSED`. */
const SYSTEM_CODE = /^E[A-Z0-9_]{2,}$/;

/** What an error of the upstream's connection means for the exchange. The upstream's words stay out of it. */
export function upstreamFailure(error: unknown): ForwardFailure {
  return { code: 'UPSTREAM_UNREACHABLE', reason: reasonOf(error) };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'error';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  if (known !== undefined) return known;
  if (TLS_CODE.test(code)) return 'tls';
  if (code.startsWith('HPE_')) return 'protocol';
  return SYSTEM_CODE.test(code) ? code : 'error';
}
