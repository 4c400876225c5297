import t from 'tap';
import { freePort } from '../support/free-port.ts';
import { forwardAuthContract, startProxyWorld } from './contract.ts';
import { startEnvoy } from './envoy.ts';
import { exchanged, snippet } from './snippets.ts';

t.test('Envoy, with the settings of the page', async t => {
  const world = await startProxyWorld(t, async addresses => {
    const port = await freePort();
    const listener = `address: 127.0.0.1, port_value: ${port}`;
    const settings = exchanged(snippet('Envoy', addresses), 'address: 0.0.0.0, port_value: 8443', listener);
    return startEnvoy(t, settings, port);
  });
  await forwardAuthContract(t, world);
});
