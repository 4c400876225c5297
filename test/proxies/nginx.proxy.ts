import t from 'tap';
import { startNginx } from '../support/nginx.ts';
import { AGENTS } from '../support/world.ts';
import { forwardAuthContract, startProxyWorld } from './contract.ts';
import { exchanged, snippet } from './snippets.ts';

t.test('nginx, with the settings of the page', async t => {
  const world = await startProxyWorld(t, async addresses => {
    const { port } = await startNginx(t, port => {
      const text = exchanged(snippet('nginx', addresses), 'listen 443 ssl;', `listen 127.0.0.1:${port};`);
      return exchanged(text, /^ *ssl_certificate.*\n *ssl_certificate_key.*\n/m, '');
    });
    return `http://127.0.0.1:${port}`;
  });

  await t.test('Halo gets its own cookies, and not that of the session', async t => {
    const person = world.browser();
    world.front.entra.choose('agnes');
    person.plant(AGENTS, 'halo_before', '1');
    t.equal((await person.go(`${AGENTS}/tickets`)).status, 200);
    person.plant(AGENTS, 'halo_after', '2');
    await person.ask(`${AGENTS}/tickets`);
    const cookies = world.halo.received.at(-1)?.header('cookie') ?? '';
    t.match(cookies, /halo_before=1/);
    t.match(cookies, /halo_after=2/);
    t.notMatch(cookies, /__Host-halogate=/);
  });

  await t.test('an address that is not in its normal form is served by the gateway in that form', async t => {
    const person = world.browser();
    world.front.entra.choose('agnes');
    await person.go(`${AGENTS}/tickets`);
    world.front.halo.clear();
    world.halo.clear();
    t.equal((await person.ask(`${AGENTS}/a//tickets`)).status, 200);
    t.equal(world.front.halo.received.at(-1)?.target, '/a/tickets');
    t.equal(world.halo.received.length, 0);
  });

  await forwardAuthContract(t, world);
});
