import t from 'tap';
import { connectionTo } from '../../demo/connection.ts';
import { PARTNERS } from '../../demo/entra/index.ts';
import { startBuiltWorld } from '../support/built.ts';
import { startChromium } from '../support/chromium.ts';

t.test('a person chooses by an address, in their language, and is remembered', async t => {
  const { url } = await startBuiltWorld(t, ({ authority }) => {
    const staff = { ...connectionTo(authority), name: 'Staff', domains: ['example.com'] };
    const partners = { name: 'Partners', clientId: PARTNERS.id, credential: { secret: PARTNERS.secret } };
    return { connections: [staff, { ...staff, ...partners, domains: ['partner.example'] }] };
  });
  const context = await (await startChromium(t)).context({ locale: 'de-AT' });
  const page = await context.newPage();
  const stopped: string[] = [];
  page.on('console', message => /Content Security Policy/i.test(message.text()) && stopped.push(message.text()));

  await page.goto(`${url}/ticket?id=1`);
  t.equal(await page.textContent('h1'), 'Anmelden');
  await page.getByLabel('E-Mail').fill('agnes@nowhere.example');
  await page.getByRole('button', { name: 'Weiter' }).click();
  t.match(await page.textContent('.problem'), 'Für diese Adresse kennen wir keine Anmeldung');

  await page.getByLabel('E-Mail').fill('agnes@partner.example');
  await page.getByRole('button', { name: 'Weiter' }).click();
  await page.getByRole('button', { name: /Agnes/ }).click();
  await page.waitForURL(`${url}/ticket?id=1`);
  t.match(await page.textContent('body'), /Agnes Agent/);
  t.strictSame(stopped, [], 'the policy lets the form lead to the provider');

  await page.goto(`${url}/.halogate/sign-in?switch=1`);
  const [first = '', second = ''] = await page.getByRole('link', { name: 'Weiter mit' }).allTextContents();
  t.match(first, /Partners.*Zuletzt verwendet/, 'what was used last is marked and comes first');
  t.match(second, 'Staff');
  t.notMatch(second, 'Zuletzt');
});
