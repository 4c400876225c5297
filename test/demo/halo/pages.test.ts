import t from 'tap';
import { start } from './support.ts';

const IDENTITY = {
  'x-forwarded-user': 'agnes@example.com',
  'x-forwarded-name': Buffer.from('Agnès <Agent>').toString('latin1'),
  'x-forwarded-groups': 'g1,g2',
  'x-halo-portal': 'agent',
};

t.test('the agent app shows whom the identity headers name, and what was asked for', async t => {
  const halo = await start(t);
  const page = await (await fetch(`${halo.url}/tickets?id=1042&view=a%20b`, { headers: IDENTITY })).text();
  t.match(page, 'Halo: agent app');
  t.match(page, '<dd>agnes@example.com</dd>');
  t.match(page, '<dd>g1,g2</dd>');
  t.match(page, '<dd>/tickets?id=1042&amp;view=a%20b</dd>');
  for (const link of ['/portal/home', '/auth/account/login', '/.halogate/sign-out', '/api/tickets']) {
    t.match(page, `href="${link}"`);
  }
});

t.test('a name in UTF-8 is read as UTF-8, and shown as text', async t => {
  const halo = await start(t);
  const name = Buffer.from('Agnès <Agent>', 'utf8').toString('latin1');
  const page = await (await fetch(`${halo.url}/`, { headers: { ...IDENTITY, 'x-forwarded-name': name } })).text();
  t.match(page, '<dd>Agnès &lt;Agent&gt;</dd>');
});

t.test('without identity the pages say that Halo knows nobody', async t => {
  const halo = await start(t);
  t.match(await (await fetch(`${halo.url}/`)).text(), 'nobody that Halo knows');
});

t.test('the portal lies under /portal, in any letter case, and at the root of a site of its own', async t => {
  const halo = await start(t);
  const site = await start(t, { portalAtRoot: true });
  const title = async (url: string) => /<h1>(.*)<\/h1>/.exec(await (await fetch(url)).text())?.[1];
  t.equal(await title(`${halo.url}/portal/home`), 'Halo: self-service portal');
  t.equal(await title(`${halo.url}/PORTAL`), 'Halo: self-service portal');
  t.equal(await title(`${halo.url}/portals`), 'Halo: agent app');
  t.equal(await title(`${site.url}/home`), 'Halo: self-service portal');
});
