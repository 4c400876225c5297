/**
 * The settings as the program uses them: every default filled in, every duration in milliseconds, every secret read.
 * `load.ts` makes one from a YAML file; nothing else does.
 */
export interface Config {
  /** SHA-256 (hex) of the settings file's text: tells replicas with different settings apart. */
  readonly hash: string;
  readonly listen: ListenAddress;
  readonly opsListen: ListenAddress;
  /** TLS of the public listener; left out: HTTP without it. */
  readonly tls?: ListenerTls;
  /** CIDR ranges (or single addresses) whose `X-Forwarded-For` counts. */
  readonly trustedProxies: readonly string[];
  readonly halo: HaloConfig;
  readonly portals: readonly Portal[];
  readonly connections: readonly Connection[];
  readonly routes: RoutesConfig;
  readonly emergency?: EmergencyConfig;
  readonly session: SessionConfig;
  readonly identity: IdentityConfig;
  readonly limits: {
    /** Of sign-in starts for each client address. Left out: none. */
    readonly signIn?: RateLimit;
  };
  /** Milliseconds: a client's slow request head; an idle kept-alive connection. */
  readonly timeouts: { readonly headers: number; readonly idle: number };
  /** Milliseconds after SIGTERM: unready but serving for `wait`; at `deadline` connections end by force. */
  readonly drain: { readonly wait: number; readonly deadline: number };
  /** Milliseconds without the store until `/readyz` says 503. */
  readonly storeReadiness: number;
  readonly pages: PagesConfig;
  readonly log: { readonly level: LogLevel };
  /** The audit log's file, absolute; left out: standard output. */
  readonly audit: { readonly file?: string };
  /** Where traces go: an OTLP endpoint over HTTP, without a trailing slash. Left out: there are none. */
  readonly tracing?: { readonly endpoint: string };
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** As many in a time. */
export interface RateLimit {
  readonly count: number;
  /** Milliseconds. */
  readonly period: number;
}

export interface ListenAddress {
  /** An address or host name; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** PEM texts: the certificate with its chain, and its private key. */
export interface ListenerTls {
  readonly cert: string;
  readonly key: string;
}

/** A site of Halo: where requests are forwarded to. */
export interface Upstream {
  /** Origin only, for example `http://halo.internal`. */
  readonly origin: string;
  /** PEM of the authorities that alone are trusted; without it, Node's own. */
  readonly ca?: string;
  /** PEM of the gateway's client certificate and key. */
  readonly cert?: string;
  readonly key?: string;
  /** The name that the certificate must carry, where it differs from the host of `origin`. */
  readonly servername?: string;
}

export interface HaloConfig {
  readonly upstream: Upstream;
  /** Lower case is not forced; begins with `/`, has no trailing slash. */
  readonly authPath: string;
  /** Path patterns that all portals of a host share, beside `{authPath}/**` and `/api/**`. */
  readonly shared: readonly string[];
  /** Milliseconds to the first byte of an answer, and of silence in the middle of a body. */
  readonly timeout: number;
}

export type PortalKind = 'agent' | 'user';

/** A public entrance to Halo. */
export interface Portal {
  readonly name: string;
  readonly kind: PortalKind;
  /** Origin and path without a trailing slash: `https://halo.example.com`, `https://halo.example.com/portal`. */
  readonly url: string;
  readonly origin: string;
  /** Host with its port unless it is the scheme's default, in lower case. */
  readonly host: string;
  /** `''` at the root, else `/portal`. */
  readonly path: string;
  /** Whether the public URL is https. */
  readonly secure: boolean;
  readonly upstream: Upstream;
  readonly anonymous: boolean;
  readonly nativeSignIn: boolean;
  /** Further origins that may send writes, as serialised origins. */
  readonly origins: readonly string[];
}

export type Allow = 'agents' | 'users' | 'agents-and-users';

/** One app registration at an identity provider. */
export interface Connection {
  readonly name: string;
  readonly published: boolean;
  readonly provider: 'entra' | 'oidc';
  /**
   * Where discovery starts. Entra: `{authority}/{tenant}/v2.0`, for a multi-tenant connection `{authority}/organizations/v2.0`, whose
   * tokens name another issuer; else the provider's issuer, which `iss` must equal.
   */
  readonly issuer: string;
  /** Entra: the sign-in host, without a trailing slash. */
  readonly authority?: string;
  /** Origin of Microsoft Graph, without a trailing slash. */
  readonly graph: string;
  readonly tenantType: 'single' | 'multi';
  /** Entra single tenant: the tenant's id in lower case. */
  readonly tenant?: string;
  /** Entra multi-tenant: the tenants of the settings whose people may sign in. */
  readonly tenants: readonly Tenant[];
  /** Entra multi-tenant: customers of a Microsoft partner, added to `tenants`. */
  readonly csp?: CspConfig;
  readonly clientId: string;
  readonly credential: Credential;
  readonly allow: Allow;
  readonly autoRedirect: boolean;
  readonly scope: string;
  readonly prompt?: string;
  readonly loginHint?: string;
  readonly domainHint?: string;
  readonly responseMode: 'query' | 'form_post';
  /** E-mail domains, as they are compared, that lead a person from the chooser to this connection. */
  readonly domains: readonly string[];
  /** Names of the portals that it serves: the listed ones, else all of the kinds that `allow` names. */
  readonly portals: readonly string[];
  /** Who may enter agent portals and user portals; left out: nobody. */
  readonly agents?: EntryRule;
  readonly users?: EntryRule;
}

/** How the gateway proves itself to the provider. */
export type Credential =
  | { readonly secret: string }
  | { readonly certificate: ClientCertificate }
  | { readonly workloadIdentity: true };

/** A certificate that is registered with the application; its key is RSA of 2048 bits or more. */
export interface ClientCertificate {
  /** PEM; of several certificates the first counts. */
  readonly cert: string;
  /** PEM of the private key of `cert`. */
  readonly key: string;
  /** When the certificate ends, in milliseconds since the epoch. */
  readonly expires: number;
}

/** A tenant whose people a multi-tenant connection admits. */
export interface Tenant {
  /** In lower case. */
  readonly id: string;
  readonly name?: string;
  /** The e-mail domains that are its own, as they are compared. */
  readonly domains: readonly string[];
}

export interface CspConfig {
  readonly partnerTenant: string;
  /** Ids of tenants in lower case. */
  readonly include: 'all' | readonly string[];
  readonly exclude: readonly string[];
  /** Milliseconds. */
  readonly refresh: number;
}

/** Who may enter: `tenants`, when not empty, must match; of the other lists any one that matches is enough; all empty admits everyone. */
export interface EntryRule {
  readonly tenants: readonly string[];
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly people: readonly string[];
  readonly guests: boolean;
}

export interface PublicRoute {
  readonly path: string;
  /** Upper case; left out: every method. */
  readonly methods?: readonly string[];
}

export interface RoutesConfig {
  readonly defaults: boolean;
  readonly public: readonly PublicRoute[];
  readonly grants: readonly string[];
  readonly bearer: 'forward' | 'refuse';
}

export interface EmergencyConfig {
  readonly from: readonly string[];
  /** Milliseconds since the epoch. */
  readonly until: number;
}

export interface SessionConfig {
  /** 32 bytes or more each; the first seals, all open. */
  readonly secrets: readonly Buffer[];
  readonly idle: number;
  readonly absolute: number;
  /** Milliseconds after which the provider is asked again whether a person still may; 0 never. */
  readonly refresh: number;
  /** Milliseconds that a session outlives a provider that cannot be asked. */
  readonly refreshGrace: number;
  /** Milliseconds that a session which this replica saw survives while the store cannot be asked. */
  readonly outageGrace: number;
  /** Left out: sessions in memory. */
  readonly redis?: RedisConfig;
}

/** One server, one that sentinels name, or a cluster; and how the gateway signs in there. */
export type RedisConfig = RedisAccess &
  (
    | {
        /** `redis://host:port/db`, or `rediss:` with TLS; may carry user and password. A secret. */
        readonly url: string;
      }
    | {
        readonly sentinel: {
          /** The name of the master. */
          readonly name: string;
          readonly nodes: readonly RedisNode[];
        };
      }
    | {
        /** Some of its nodes, by which the others are found. */
        readonly cluster: readonly RedisNode[];
      }
  );

interface RedisAccess {
  readonly username?: string;
  readonly password?: string;
  /** Given: TLS, whatever the address says. */
  readonly tls?: RedisTls;
  /** Given: tokens of Microsoft Entra ID in place of a password. */
  readonly entra?: EntraIdentity;
  readonly keyPrefix: string;
}

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** PEM texts, and the name that the certificate must carry where it is not the host of the address. */
export interface RedisTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

/** Whom this process is in Microsoft Entra ID (Azure Workload Identity); its token is read by `readFederatedToken`. */
export interface EntraIdentity {
  readonly tokenEndpoint: string;
  readonly clientId: string;
}

export interface IdentityConfig {
  /** Header name as written by the administrator, and its template with `{placeholder}`s. */
  readonly headers: readonly { readonly name: string; readonly template: string }[];
  readonly groups: 'named' | 'all';
  /** Left out: switched off. */
  readonly assertion?: AssertionConfig;
}

export interface AssertionConfig {
  readonly header: string;
  /** Milliseconds. */
  readonly lifetime: number;
  /** PEM (PKCS#8) of an EC P-256 private key; left out: one is made and shared through the store. */
  readonly key?: string;
}

export interface PagesConfig {
  readonly title: string;
  /** Left out: pages show the title alone. */
  readonly logo?: Logo;
  /** A `mailto:` or `https:` address. */
  readonly support?: string;
}

/** An image as it was read. */
export interface Logo {
  readonly bytes: Buffer;
  readonly contentType: string;
}
