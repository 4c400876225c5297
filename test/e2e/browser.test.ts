import type { Page } from 'playwright-core';
import t from 'tap';
import { startBuiltWorld } from '../support/built.ts';
import { startChromium } from '../support/chromium.ts';

const DEEP_LINK = '/ticket?id=42&url=https://elsewhere.example/x%20y';

t.test('in a real browser', async t => {
  const { url, halo } = await startBuiltWorld(t);
  const chromium = await startChromium(t);

  /** Chooses a person on the provider's page. */
  const choose = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(name) }).click();

  await t.test('a deep link leads over the provider to the page that was asked for', async t => {
    const page = await (await chromium.context()).newPage();
    await page.goto(url + DEEP_LINK);
    await choose(page, 'Agnes');
    await page.waitForURL(url + DEEP_LINK);
    t.match(await page.textContent('body'), /Agnes Agent/);
    t.ok(halo.received.some(({ target }) => target === DEEP_LINK));
    t.equal(await page.evaluate('document.cookie.includes("halogate")'), false, 'no script can read the cookie');
  });

  await t.test('two tabs sign in at once and both arrive', async t => {
    const context = await chromium.context();
    const [first, second] = [await context.newPage(), await context.newPage()];
    await first.goto(`${url}/ticket?id=1`);
    await second.goto(`${url}/ticket?id=2`);
    await choose(second, 'Agnes');
    await second.waitForURL(`${url}/ticket?id=2`);
    await choose(first, 'Agnes');
    await first.waitForURL(`${url}/ticket?id=1`);
    t.match(await first.textContent('body'), /Agnes Agent/);
  });

  await t.test('two people one after the other: the second sees nothing of the first', async t => {
    const context = await chromium.context();
    const page = await context.newPage();
    await page.goto(`${url}/ticket`);
    await choose(page, 'Agnes');
    await page.waitForURL(`${url}/ticket`);
    await page.evaluate('localStorage.setItem("access_token", "of-agnes"); document.cookie = "refresh_token=of-agnes"');

    await page.goto(`${url}/.halogate/sign-out`);
    await page.getByRole('button', { name: /sign out/i }).click();
    await page.waitForURL(`${url}/.halogate/signed-out`);
    await page.goto(`${url}/ticket`);
    t.match(await page.textContent('body'), /SIGNED_OUT/, 'nobody is signed in again without asking');

    await page.getByRole('link', { name: /sign in/i }).click();
    await choose(page, 'Ulrich');
    await page.waitForLoadState();
    t.match(await page.textContent('body'), /NOT_ADMITTED/);
    await page.goto(`${url}/portal/home`);
    t.match(await page.textContent('body'), /Ulrich User/);
    t.equal(await page.evaluate('localStorage.getItem("access_token")'), null);
    t.notMatch(await page.evaluate('document.cookie'), /of-agnes/);
  });
});
