import t from 'tap';
import { startNginx } from '../support/nginx.ts';
import { sendRaw, wholeAnswer } from '../support/raw.ts';
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

  await t.test('Halo gets its own cookies, and none of the gateway’s', async t => {
    const person = world.browser();
    world.front.entra.choose('agnes');
    t.equal((await person.go(`${AGENTS}/tickets`)).status, 200);
    const { '__Host-halogate': session, '__Host-halogate-last': last } = person.cookies(AGENTS);
    const own = [`__Host-halogate=${session}`, `__Host-halogate-last=${last}`, '__Host-halogate-out=1', 'halogate=1'];
    own.push(...['aaaaaaaa', 'bbbbbbbb', 'cccccccc'].map(end => `__Host-halogate-tx-${end}=1.x`), 'halogate-tx-d=1.x');
    const cookiesFor = async (pairs: readonly string[]) => {
      const answer = await world.browser().ask(`${AGENTS}/tickets`, { headers: { cookie: pairs.join('; ') } });
      t.equal(answer.status, 200);
      return (world.halo.received.at(-1)?.header('cookie') ?? '').replace(/; $/, '');
    };
    t.equal(await cookiesFor(own), '');
    t.equal(await cookiesFor(['first=1', ...own, 'last=2']), 'first=1; last=2');
    const mixed = own.flatMap((pair, at) => [`halo_${at}=a=b`, pair]);
    const others = mixed.filter((_, at) => at % 2 === 0);
    t.equal(await cookiesFor([...mixed, 'rest="x"']), [...others, 'rest="x"'].join('; '));
    const alike = ['halogated=1', 'my-halogate=2', '__Host-halogates=3', 'x=halogate=4'];
    t.equal(await cookiesFor([...own.slice(0, 1), ...alike]), alike.join('; '));
    const surplus = await cookiesFor([...mixed, 'a=1', 'halogate-last=1', 'b=1', 'halogate-out=1']);
    t.notMatch(surplus, /halogate/, 'more of them than a browser has');
  });

  await t.test('a check that a client disguises as another address is not handed on', async t => {
    const fields = 'Host: halo.example.com\r\nX-Forwarded-Method: GET\r\nX-Forwarded-Host: halo.example.com';
    for (const target of ['/.halogate/verify/../session', '/.halogate/verify/../../tickets', '/.halogate/verify']) {
      const { statuses } = await sendRaw(world.url, `GET ${target} HTTP/1.1\r\n${fields}\r\n\r\n`, wholeAnswer);
      t.strictSame(statuses, [404], target);
    }
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
