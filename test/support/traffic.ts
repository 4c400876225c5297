import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { connectionTo } from '../../demo/connection.ts';
import { Browser, type Seen } from './browser.ts';
import { type BuiltWorld, startBuiltWorld } from './built.ts';
import {
  type CertifiedProvider,
  connectionToProvider,
  RELYING_PARTY,
  startCertifiedProvider,
} from './certified-provider.ts';
import { type RedisServer, startRedis } from './redis.ts';
import { SESSION_SECRET } from './world.ts';

type Test = Parameters<typeof startBuiltWorld>[0];
type PersonKey = keyof BuiltWorld['entra']['people'];

/** A client of its own address. */
export interface Client {
  readonly browser: Browser;
  readonly address: string;
  ask(
    path: string,
    ask?: { method?: string; form?: Readonly<Record<string, string>>; headers?: object },
  ): Promise<Seen>;
  /** Signs in through Entra ID, or through the OpenID provider where nobody is named, and goes to a path. */
  signIn(person?: PersonKey | 'cancel', path?: string): Promise<Seen>;
}

/** The built gateway with Redis, Entra ID and another provider, at which everything that is counted and audited can be done. */
export interface Traffic extends BuiltWorld {
  readonly redis: RedisServer;
  readonly provider: CertifiedProvider;
  client(address: string): Client;
  /** Whose password login is open. */
  readonly emergencyAddress: string;
  /** Signs out in each of the four ways: on the gateway's page, by Halo's, by the front channel, by the back channel. */
  signOutInEveryWay(): Promise<void>;
  /** Sends a password to Halo's token endpoint. */
  tryPassword(client: Client): Promise<number>;
  openSocket(client: Client): Promise<WebSocket>;
}

export async function startTraffic(t: Test, settings: Readonly<Record<string, unknown>> = {}): Promise<Traffic> {
  const redis = await startRedis(t, { own: true });
  const provider = Promise.withResolvers<CertifiedProvider>();
  const emergencyAddress = '192.0.2.66';
  const world = await startBuiltWorld(t, async ({ url, authority }) => {
    provider.resolve(
      await startCertifiedProvider({
        redirectUris: [`${url}/auth/account/azureresponse`],
        claims: account => ({ name: account }),
      }),
    );
    return {
      trustedProxies: ['127.0.0.1', '::1'],
      emergency: { from: [emergencyAddress], until: new Date(Date.now() + 3_600_000).toISOString() },
      connections: [connectionTo(authority), connectionToProvider((await provider.promise).issuer)],
      session: {
        secret: SESSION_SECRET,
        refresh: '1s',
        refreshGrace: '1h',
        outageGrace: '0s',
        redis: { url: redis.url },
      },
      ...settings,
    };
  });
  const other = await provider.promise;
  t.teardown(() => other.close());
  const { url, entra } = world;

  function client(address: string): Client {
    const browser = new Browser({});
    const headers = { 'x-forwarded-for': address };
    return {
      browser,
      address,
      ask: (path, { headers: more, ...ask } = {}) =>
        browser.ask(url + path, { ...ask, headers: { ...headers, ...more } }),
      async signIn(person, path = '/ticket') {
        if (person !== undefined) entra.choose(person);
        const connection = person === undefined ? 'generic' : 'default';
        return browser.go(`${url}/.halogate/sign-in?connection=${connection}&return=${encodeURIComponent(path)}`, {
          headers,
        });
      },
    };
  }

  return {
    ...world,
    redis,
    provider: other,
    client,
    emergencyAddress,
    async signOutInEveryWay() {
      const byPage = client('192.0.2.21');
      await byPage.signIn('agnes');
      await byPage.ask('/.halogate/sign-out', { method: 'POST', headers: { origin: url } });
      const byHalo = client('192.0.2.22');
      await byHalo.signIn('agnes');
      await byHalo.ask('/auth/logout');
      const sid = randomUUID();
      entra.faults.claims = { sid };
      await client('192.0.2.23').signIn('agnes');
      entra.faults.clear();
      await client('192.0.2.24').ask(`/.halogate/front-channel-sign-out?sid=${sid}`);
      await client('192.0.2.25').signIn();
      const now = Math.floor(Date.now() / 1000);
      const token = await other.sign({
        iss: other.issuer,
        aud: RELYING_PARTY.id,
        iat: now,
        exp: now + 120,
        jti: randomUUID(),
        sub: other.account,
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      });
      await client('192.0.2.26').ask('/.halogate/back-channel-sign-out', {
        method: 'POST',
        form: { logout_token: token },
      });
    },
    async tryPassword(from) {
      const form = { grant_type: 'password', username: 'agnes', password: 'of-agnes' };
      return (await from.ask('/auth/token', { method: 'POST', form })).status;
    },
    async openSocket({ browser, address }) {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/hub`, {
        origin: url,
        headers: { cookie: `halogate=${browser.cookies(url).halogate}`, 'x-forwarded-for': address },
      });
      t.teardown(() => socket.terminate());
      await once(socket, 'open');
      return socket;
    },
  };
}
