import type { Page } from 'playwright-core';
import t from 'tap';
import { connectionTo, partnersTo } from '../../demo/connection.ts';
import { HOME } from '../../demo/entra/index.ts';
import { startBuiltWorld } from '../support/built.ts';
import { startChromium } from '../support/chromium.ts';

const DEEP_LINK = '/ticket?id=42&url=https://elsewhere.example/x%20y';

t.test('several connections in a real browser', async t => {
  const { url, halo, entra } = await startBuiltWorld(t, ({ url, authority }) => ({
    portals: [
      { name: 'agents', kind: 'agent', url },
      { name: 'customers', kind: 'user', url: `${url}/portal` },
      { name: 'support', kind: 'user', url: `${url.replace('localhost', '127.0.0.1')}/portal` },
    ],
    connections: [{ ...connectionTo(authority), domains: [HOME.domain] }, partnersTo(authority)],
  }));
  const chromium = await startChromium(t);
  const newPage = async () => (await chromium.context()).newPage();
  /** Chooses a person on the provider's page. */
  const choose = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(name) }).click();
  const connection = (page: Page, name: string) => page.getByRole('link', { name: new RegExp(`with ${name}`) });
  const enter = async (page: Page, address: string) => {
    await page.getByRole('textbox').fill(address);
    await page.getByRole('button', { name: 'Continue' }).click();
  };
  const signOut = async (page: Page) => {
    await page.goto(`${url}/.halogate/sign-out`);
    await page.getByRole('button', { name: /sign out/i }).click();
    await page.waitForURL(`${url}/.halogate/signed-out`);
  };

  await t.test('a person chooses one and arrives at the page that was asked for', async t => {
    const page = await newPage();
    await page.goto(url + DEEP_LINK);
    await connection(page, 'default').click();
    await choose(page, 'Agnes');
    await page.waitForURL(url + DEEP_LINK);
    t.equal(halo.received.findLast(({ target }) => target === DEEP_LINK)?.header('x-halo-connection'), 'default');
  });

  await t.test('an address leads to the connection of its domain, and the provider knows it already', async t => {
    const page = await newPage();
    await page.goto(`${url}/portal/home`);
    await enter(page, 'petra@partner.example');
    const asked = page.getByRole('button', { name: /@/ }).first();
    t.match(await asked.textContent(), /Petra/, 'the provider offers the account of the hint first');
    await asked.click();
    await page.waitForURL(`${url}/portal/home`);
    t.match(await page.textContent('body'), /Petra Partner/);
    t.equal(halo.received.findLast(({ target }) => target === '/portal/home')?.header('x-halo-connection'), 'partners');
  });

  await t.test('an address that nobody knows is kept and can be corrected', async t => {
    const page = await newPage();
    await page.goto(url + DEEP_LINK);
    await enter(page, 'agnes@exmaple.com');
    t.equal(await page.getByRole('textbox').inputValue(), 'agnes@exmaple.com');
    t.equal(await page.getByRole('textbox').getAttribute('aria-invalid'), 'true');
    await enter(page, 'agnes@example.com');
    await choose(page, 'Agnes');
    await page.waitForURL(url + DEEP_LINK);
  });

  await t.test('the last choice comes first, and still is a choice', async t => {
    const page = await newPage();
    await page.goto(`${url}/portal/home`);
    t.match(await page.getByRole('main').getByRole('link').first().textContent(), /default/);
    await connection(page, 'partners').click();
    await choose(page, 'Petra');
    await page.waitForURL(`${url}/portal/home`);
    await signOut(page);
    await page.getByRole('link', { name: /sign in/i }).click();
    t.match(await page.getByRole('main').getByRole('link').first().textContent(), /partners/);
  });

  await t.test('who may not enter finds the way to an open portal, here and on another host', async t => {
    const page = await newPage();
    await page.goto(`${url}/ticket`);
    await connection(page, 'partners').click();
    await choose(page, 'Petra');
    await page.waitForLoadState();
    t.match(await page.textContent('body'), /NOT_ADMITTED/);
    await page.getByRole('link', { name: /customers/ }).click();
    t.equal(page.url(), `${url}/portal`);
    t.match(await page.textContent('body'), /Petra Partner/);

    await page.goto(`${url}/ticket`);
    await page.getByRole('link', { name: /support/ }).click();
    await connection(page, 'partners').click();
    await page.waitForURL(`${url.replace('localhost', '127.0.0.1')}/portal`);
    t.match(await page.textContent('body'), /Petra Partner/, 'the provider knows her already');
  });

  await t.test('another account, through another connection, arrives where the first might not', async t => {
    const page = await newPage();
    await page.goto(url + DEEP_LINK);
    await connection(page, 'partners').click();
    await choose(page, 'Petra');
    await page.waitForLoadState();
    await page.getByRole('link', { name: /another account/i }).click();
    await connection(page, 'default').click();
    await choose(page, 'Agnes');
    await page.waitForURL(url + DEEP_LINK);
    t.match(await page.textContent('body'), /Agnes Agent/);
    t.equal(entra.requestsTo('authorize').findLast(({ method }) => method === 'GET')?.params.prompt, 'select_account');
  });
});
