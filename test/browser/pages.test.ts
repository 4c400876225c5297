import t from 'tap';
import { startChromium } from '../support/chromium.ts';
import { servePages } from '../support/page-server.ts';

const PHONE = { width: 320, height: 568 };
const DESKTOP = { width: 1280, height: 800 };

t.test('pages in a browser', async t => {
  const url = await servePages(t);
  const chromium = await startChromium(t);

  await t.test('the look is there: stylesheet and logo come through the policy', async t => {
    const page = await (await chromium.context({ viewport: PHONE })).newPage();
    await page.goto(`${url}/chooser`);
    t.equal(
      await page.evaluate('getComputedStyle(document.querySelector(".primary")).backgroundColor'),
      'rgb(11, 90, 122)',
    );
    t.equal(await page.evaluate('document.querySelector(".logo").complete'), true);
    t.ok(await page.evaluate<boolean>('document.querySelector(".logo").naturalWidth > 0'));
  });

  await t.test('without a pointer: every way on is reached in order, and one sees where one is', async t => {
    const page = await (await chromium.context()).newPage();
    await page.goto(`${url}/chooser`);
    const seen: string[] = [];
    for (let step = 0; step < 5; step += 1) {
      await page.keyboard.press('Tab');
      const { label, outline } = await page.evaluate<{ label: string; outline: string }>(`(() => {
        const element = document.activeElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const label = element.labels?.[0]?.textContent || element.textContent;
        return { label, outline: outlineStyle + ' ' + outlineWidth };
      })()`);
      t.equal(outline, 'solid 3px', label);
      seen.push(label);
    }
    t.strictSame(seen, [
      'Continue with Partners Used last time',
      'Continue with Example Ltd',
      'Or enter your work e-mail address',
      'Continue',
      'Contact support',
    ]);
  });

  await t.test('an address is sent with what the sign-in has to know, by the Enter key', async t => {
    const page = await (await chromium.context()).newPage();
    await page.goto(`${url}/chooser`);
    const [sent] = await Promise.all([
      page.waitForRequest(request => request.url().includes('/.halogate/sign-in')),
      page
        .getByLabel('e-mail')
        .fill('ada@example.com')
        .then(() => page.keyboard.press('Enter')),
    ]);
    const { pathname, searchParams } = new URL(sent.url());
    t.equal(pathname, '/.halogate/sign-in');
    t.strictSame(Object.fromEntries(searchParams), {
      return: '/tickets',
      portal: 'customers',
      login_hint: 'ada@example.com',
    });
    t.equal(sent.method(), 'GET');
  });

  await t.test('an address that leads nowhere can be mended at once', async t => {
    const page = await (await chromium.context()).newPage();
    await page.goto(`${url}/chooser-unmatched`);
    t.equal(await page.evaluate('document.activeElement.value'), 'ada@elsewhere.example');
    t.equal(await page.evaluate('document.activeElement.getAttribute("aria-describedby")'), 'problem');
  });

  await t.test('a page that moves on does so by itself', async t => {
    const page = await (await chromium.context()).newPage();
    const moved = page.waitForRequest(request => request.url().includes('/.halogate/sign-in?return='));
    await page.goto(`${url}/move-on`);
    t.ok(await moved);
  });

  await t.test('trying again asks for the same address', async t => {
    const page = await (await chromium.context()).newPage();
    await page.goto(`${url}/UPSTREAM_UNREACHABLE`);
    const [again] = await Promise.all([
      page.waitForRequest(request => request.isNavigationRequest()),
      page.getByRole('link', { name: 'Try again' }).click(),
    ]);
    t.equal(again.url(), `${url}/UPSTREAM_UNREACHABLE`);
  });

  await t.test('a name from right to left leaves the sentence around it whole', async t => {
    const page = await (await chromium.context({ viewport: DESKTOP })).newPage();
    await page.goto(`${url}/right-to-left`);
    const direction = 'getComputedStyle(document.querySelector("main p bdi")).direction';
    t.equal(await page.evaluate(direction), 'rtl');
    t.equal(await page.evaluate('getComputedStyle(document.querySelector("main p")).direction'), 'ltr');
  });
});
