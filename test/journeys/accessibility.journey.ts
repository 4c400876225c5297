import axe from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import t from 'tap';
import { startChromium } from '../support/chromium.ts';
import { samples } from '../support/page-samples.ts';
import { servePages } from '../support/page-server.ts';

/** The narrowest screen on which nothing may have to be scrolled sideways (WCAG 2.2, 1.4.10). */
const PHONE = { width: 320, height: 568 };
const DESKTOP = { width: 1280, height: 800 };

/** Each way to look at pages, and which. */
const LOOKS: readonly {
  readonly how: string;
  readonly as: BrowserContextOptions;
  readonly names: readonly string[];
}[] = [
  { how: 'a light phone', as: { viewport: PHONE, colorScheme: 'light', locale: 'en-GB' }, names: Object.keys(samples) },
  {
    how: 'a dark phone, in German',
    as: { viewport: PHONE, colorScheme: 'dark', locale: 'de-DE' },
    names: Object.keys(samples),
  },
  {
    how: 'a light desktop',
    as: { viewport: DESKTOP, colorScheme: 'light', locale: 'en-GB' },
    names: ['chooser', 'NOT_ADMITTED', 'long-names', 'right-to-left-chooser'],
  },
  {
    how: 'a desktop with more contrast',
    as: { viewport: DESKTOP, forcedColors: 'active', locale: 'en-GB' },
    names: ['chooser-unmatched', 'NOT_ADMITTED'],
  },
];

/** What axe-core finds wrong, one line each; and the rules that it could apply. */
interface Findings {
  readonly wrong: readonly string[];
  readonly applied: number;
}

const RUN = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(found => ({
  wrong: found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)),
  applied: found.passes.length,
}))`;

async function look(page: Page): Promise<Findings> {
  await page.evaluate(axe.source);
  return page.evaluate<Findings>(RUN);
}

t.test('every page', async t => {
  const url = await servePages(t);
  const chromium = await startChromium(t);

  for (const { how, as, names } of LOOKS) {
    await t.test(`on ${how}: accessible, nothing cut off, nothing that the policy stops`, async t => {
      const context = await chromium.context(as);
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('console', message => message.type() === 'error' && errors.push(message.text()));
      page.on('requestfailed', request => request.isNavigationRequest() || errors.push(request.url()));
      for (const name of names) {
        await page.goto(`${url}/${name}`, { waitUntil: 'load' });
        const { wrong, applied } = await look(page);
        t.strictSame(wrong, [], name);
        t.ok(applied > 10, `${name}: axe has looked`);
        const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
        t.equal(wide, 0, `${name} does not scroll sideways`);
      }
      t.strictSame(errors, []);
      await context.close();
    });
  }
});
