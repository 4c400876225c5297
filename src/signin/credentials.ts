import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import * as oidc from 'openid-client';
import { type ClientCertificate, type Connection, readFederatedToken } from '../config/index.ts';
import { SignInError } from './errors.ts';

/** RFC 7523 section 2.2. */
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * How a connection proves itself wherever it asks for tokens: for people at sign-in and refresh, and for itself.
 * @returns called with each request to a token endpoint, it throws a {@link SignInError} `SIGN_IN_MISCONFIGURED` where the credential
 *   cannot be had
 */
export function createClientAuthentication({ credential }: Pick<Connection, 'credential'>): oidc.ClientAuth {
  if ('secret' in credential) return bySecret(credential.secret);
  if ('certificate' in credential) return byCertificate(credential.certificate);
  return byWorkloadIdentity;
}

/** In the body where the provider says that it takes it, else by Basic, the default of RFC 8414 section 2. */
function bySecret(secret: string): oidc.ClientAuth {
  const post = oidc.ClientSecretPost(secret);
  const basic = oidc.ClientSecretBasic(secret);
  return (server, client, body, headers) => {
    const authenticate = server.token_endpoint_auth_methods_supported?.includes('client_secret_post') ? post : basic;
    authenticate(server, client, body, headers);
  };
}

/** An assertion for the endpoint that is called, signed with PS256 (OpenID Connect Core section 9, `private_key_jwt`). */
function byCertificate({ cert, key }: ClientCertificate): oidc.ClientAuth {
  const signingKey = createPrivateKey(key).toCryptoKey({ name: 'RSA-PSS', hash: 'SHA-256' }, false, ['sign']);
  const thumbprint = createHash('sha256').update(new X509Certificate(cert).raw).digest('base64url');
  return (server, client, body, headers) => {
    const authenticate = oidc.PrivateKeyJwt(signingKey, {
      [oidc.modifyAssertion]: (header, payload) => {
        header.typ = 'JWT';
        header['x5t#S256'] = thumbprint;
        // The library names the issuer, which Entra ID refuses.
        payload.aud = server.token_endpoint;
      },
    });
    // A promise, which the library waits for.
    return authenticate(server, client, body, headers);
  };
}

/** The platform replaces the token in its file: it is read with each call. */
const byWorkloadIdentity: oidc.ClientAuth = (_server, client, body) => {
  const { value, problem = 'cannot be read' } = readFederatedToken(process.env);
  if (value === undefined) throw new SignInError('SIGN_IN_MISCONFIGURED', { why: `workload identity: ${problem}` });
  body.set('client_id', client.client_id);
  body.set('client_assertion_type', ASSERTION_TYPE);
  body.set('client_assertion', value);
};
