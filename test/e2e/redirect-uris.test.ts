import t from 'tap';
import { connectionTo } from '../../demo/connection.ts';
import { startEntra } from '../../demo/entra/index.ts';
import { startHalo } from '../../demo/halo/index.ts';
import { Browser } from '../support/browser.ts';
import { runProgram, startGateway, writeSettings } from '../support/gateway.ts';
import { SESSION_SECRET } from '../support/world.ts';

const HALO = 'https://halo.example.com';
const PORTALS = [
  { name: 'agents', kind: 'agent', url: HALO },
  { name: 'customers', kind: 'user', url: `${HALO}/Portal` },
  { name: 'desk', kind: 'agent', url: 'https://desk.example.com/desk' },
  { name: 'support', kind: 'user', url: 'https://support.example.com/portal' },
  { name: 'help', kind: 'user', url: 'https://help.example.com' },
];

interface Registration {
  readonly redirectUris: readonly { readonly uri: string }[];
  readonly signedOutUris: readonly string[];
  readonly importUris: readonly string[];
  readonly frontChannelUri: string;
}

t.test('with what redirect-uris prints registered, and nothing else, every portal works', async t => {
  const entra = await startEntra();
  const halo = await startHalo();
  t.teardown(() => Promise.all([entra.close(), halo.close()]));
  const settings = {
    version: 1,
    listen: '127.0.0.1:0',
    opsListen: '127.0.0.1:0',
    halo: { upstream: halo.url },
    portals: PORTALS,
    connections: [connectionTo(entra.url)],
    session: { secret: SESSION_SECRET },
  };
  const program = runProgram(t, ['redirect-uris', '--json', '--config', await writeSettings(t, settings)]);
  t.equal(await program.exited, 0);
  const [registration]: Registration[] = JSON.parse(program.logs().join('\n'));
  if (registration === undefined) throw new Error('Nothing was printed.');
  const { redirectUris, signedOutUris, importUris, frontChannelUri } = registration;
  const callbacks = redirectUris.map(({ uri }) => uri);
  const [client] = entra.clients;
  if (client) client.redirectUris = [...callbacks, ...signedOutUris];

  const gateway = await startGateway(t, settings);
  const hosts = Object.fromEntries(PORTALS.map(({ url }) => [new URL(url).origin, gateway.url]));
  for (const { name, url } of PORTALS) {
    const person = new Browser(hosts);
    entra.choose('agnes');
    t.match(await person.go(`${url}/ticket`), { status: 200, url: new URL(`${url}/ticket`) }, `${name}: signed in`);
    const { origin } = new URL(url);
    const headers = { origin, 'sec-fetch-site': 'same-origin' };
    const out = await person.go(`${origin}/.halogate/sign-out`, { method: 'POST', headers });
    t.match(out, { status: 200, url: new URL(`${origin}/.halogate/signed-out`) }, `${name}: signed out`);
  }
  const sent = entra.requestsTo('authorize').map(({ params }) => params.redirect_uri);
  t.strictSame([...new Set(sent)], callbacks, 'no address too many, none too few');
  const left = entra.requestsTo('logout').map(({ params }) => params.post_logout_redirect_uri);
  t.strictSame([...new Set(left)], signedOutUris);

  const anybody = new Browser(hosts);
  t.equal((await anybody.ask(`${frontChannelUri}?sid=unknown`)).status, 200, 'somebody listens there');
  for (const uri of importUris) {
    halo.clear();
    await anybody.ask(`${uri}?code=c`);
    t.equal(halo.received.at(-1)?.target, '/azure/auth?code=c', 'Halo does');
  }
});
