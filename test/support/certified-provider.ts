import { generateKeyPairSync, type webcrypto } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';
import { type ClientMetadata, Provider } from 'oidc-provider';

export const RELYING_PARTY = { id: 'halogate', secret: 'the-secret-of-a-relying-party-of-tests' };

/** The connection to one, as settings have it: everybody, on agent and user portals. */
export function connectionToProvider(issuer: string): Readonly<Record<string, unknown>> {
  return {
    name: 'generic',
    published: true,
    provider: 'oidc',
    issuer,
    clientId: RELYING_PARTY.id,
    credential: { secret: RELYING_PARTY.secret },
    allow: 'agents-and-users',
    autoRedirect: true,
  };
}

/** A certified OpenID Provider on loopback that signs in whom a test names. */
export interface CertifiedProvider {
  readonly issuer: string;
  /** Who signs in next: becomes `sub`. */
  account: string;
  /** A token that the provider's own key signs, whatever it says. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

interface Options {
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[];
  /** The key with which the relying party signs assertions (`private_key_jwt`, PS256) in place of its secret. */
  readonly key?: webcrypto.JsonWebKey;
  /** Claims of an account beside `sub`. */
  readonly claims: (account: string) => Readonly<Record<string, unknown>>;
  /** Where logout tokens go; `deliver` carries them, since tests have neither DNS nor TLS. */
  readonly backChannel?: { readonly uri: string; readonly deliver: (body: string) => Promise<number> };
}

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const KID = 'certified-key';

function authentication(key: webcrypto.JsonWebKey | undefined): Partial<ClientMetadata> {
  if (!key) return { client_secret: RELYING_PARTY.secret };
  return {
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'PS256',
    jwks: { keys: [{ ...key, kty: 'RSA', use: 'sig' }] },
  };
}

/** Starts one; every login is given at once to `account`, as is every consent. */
export async function startCertifiedProvider(options: Options): Promise<CertifiedProvider> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state = { account: 'agnes' };
  const { backChannel } = options;

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: RELYING_PARTY.id,
        ...authentication(options.key),
        redirect_uris: [...options.redirectUris],
        post_logout_redirect_uris: [...(options.postLogoutRedirectUris ?? [])],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        ...(backChannel ? { backchannel_logout_uri: backChannel.uri, backchannel_logout_session_required: true } : {}),
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(KEY)), kid: KID, use: 'sig', alg: 'RS256' }] },
    fetch: async (_, request) =>
      new Response(null, { status: (await backChannel?.deliver(String(request?.body))) ?? 404 }),
    cookies: { keys: ['tests'] },
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'groups'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true },
      backchannelLogout: { enabled: backChannel !== undefined },
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, account) => ({
      accountId: account,
      claims: () => ({ sub: account, ...options.claims(account) }),
    }),
    async loadExistingGrant(context) {
      const { client, session } = context.oidc;
      const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
      grant.addOIDCScope('openid profile email offline_access');
      await grant.save();
      return grant;
    },
  });
  const serve = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return serve(request, response);
    return provider.interactionFinished(request, response, { login: { accountId: state.account }, consent: {} });
  });

  return Object.assign(state, {
    issuer,
    sign: (claims: Readonly<Record<string, unknown>>) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: KID }).sign(KEY),
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
