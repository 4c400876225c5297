import { randomUUID } from 'node:crypto';

const TEXTS: Record<number, string> = {
  16000: 'The signed-in account was not found for this application.',
  50011: 'The redirect URI specified in the request does not match the redirect URIs configured for the application.',
  50013: 'The client assertion was used before.',
  50020: 'The user account does not exist in this tenant and cannot access the application in that tenant.',
  50057: 'The user account is disabled.',
  50058: 'A silent sign-in request was sent but no user is signed in.',
  50076: 'Due to a configuration change made by the administrator, multi-factor authentication is required.',
  50173: 'The provided grant has expired due to it being revoked; a fresh sign-in is needed.',
  54005: 'The authorization code was already redeemed; request a new code.',
  65001: 'The user or administrator has not consented to use the application.',
  65004: 'The user declined to consent to access the app.',
  70000: 'The provided grant is invalid or malformed.',
  70003: 'The app requested an unsupported grant type.',
  70008: 'The provided authorization code or refresh token has expired due to inactivity.',
  70011: 'The provided value for the input parameter scope is not valid.',
  700016: 'The application was not found in the tenant.',
  700021: 'The application of the client assertion is not that of client_id.',
  700023: 'The audience of the client assertion is not this endpoint.',
  700024: 'The client assertion is not within its valid time range.',
  700027: 'The certificate that signed the client assertion is not registered with the application.',
  700054: 'The response_type is not enabled for the application.',
  700213: 'No federated identity of the application matches the presented assertion.',
  7000215: 'Invalid client secret provided.',
  7000222: 'The provided client secret keys are expired.',
  1002012:
    'The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.',
  50059: 'No tenant-identifying information found in either the request or implied by any provided credentials.',
  90002: 'The tenant was not found.',
  90014: 'A required field of the request is missing.',
  90033: 'The service is temporarily unavailable.',
  90055: 'The service has received too many requests.',
  500200: 'The user account is a personal Microsoft account, which the application does not take.',
  500112: 'The reply address does not match the one provided when the authorization code was requested.',
  501481: 'The code_verifier does not match the code_challenge of the authorization request.',
};

/** An error as the stand-in reports it: OAuth's name, and the provider's own number. */
export class EntraError extends Error {
  readonly status: number;
  readonly error: string;
  readonly code: number;

  constructor(error: string, code: number, status = 400) {
    super(describe(code));
    this.status = status;
    this.error = error;
    this.code = code;
  }

  /** The body of an error answer to a program. */
  toJSON(): Record<string, unknown> {
    return {
      error: this.error,
      error_description: this.message,
      error_codes: [this.code],
      timestamp: new Date().toISOString(),
      trace_id: randomUUID(),
      correlation_id: randomUUID(),
    };
  }
}

/** A description as the real one writes it: its own number first. */
export function describe(code: number): string {
  return `AADSTS${code}: ${TEXTS[code] ?? 'The request failed.'} Trace ID: ${randomUUID()} Correlation ID: ${randomUUID()}`;
}
