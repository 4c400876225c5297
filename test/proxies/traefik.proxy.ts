import t from 'tap';
import { forwardAuthContract, startProxyWorld } from './contract.ts';
import { snippet } from './snippets.ts';
import { startTraefikStandIn } from './traefik.ts';

t.test('a stand-in for Traefik, with the settings of the page', async t => {
  const world = await startProxyWorld(t, addresses =>
    startTraefikStandIn(t, snippet('Traefik', addresses), snippet('Traefik', addresses, 1)),
  );
  await forwardAuthContract(t, world);
});
