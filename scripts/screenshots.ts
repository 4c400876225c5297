/**
 * Shows the pages as people see them: `docs/screenshots/{page}.png`, a phone and a desktop beside each other, light above dark.
 * `node scripts/screenshots.ts` makes them all, with names after it those alone.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../test/support/chromium.ts';
import { servePages } from '../test/support/page-server.ts';
import { root } from './run.ts';

/** The pages that people meet most, by the name of the file and of the sample; and one in another language. */
const SHOWN: readonly { readonly file: string; readonly sample: string; readonly locale?: string }[] = [
  { file: 'chooser', sample: 'chooser' },
  { file: 'chooser-by-address', sample: 'chooser-unmatched' },
  { file: 'not-admitted', sample: 'NOT_ADMITTED' },
  { file: 'organisation-not-set-up', sample: 'ORGANISATION_NOT_SET_UP' },
  { file: 'organisation-not-admitted', sample: 'TENANT_NOT_ADMITTED' },
  { file: 'provider-error', sample: 'PROVIDER_ERROR' },
  { file: 'expired', sample: 'CODE_REJECTED' },
  { file: 'store-unreachable', sample: 'STORE_UNREACHABLE' },
  { file: 'upstream-unreachable', sample: 'UPSTREAM_UNREACHABLE' },
  { file: 'upstream-timeout', sample: 'UPSTREAM_TIMEOUT' },
  { file: 'framed', sample: 'framed' },
  { file: 'signed-out', sample: 'SIGNED_OUT' },
  { file: 'sign-out-question', sample: 'sign-out-question' },
  { file: 'german', sample: 'NOT_ADMITTED', locale: 'de-DE' },
  { file: 'right-to-left', sample: 'right-to-left' },
  { file: 'long-names', sample: 'long-names' },
];

const PHONE = { width: 390, height: 760 };
const DESKTOP = { width: 1000, height: 760 };
/** Small enough to keep, large enough to judge a page by. */
const SCALE = 0.6;

async function shoot(browser: Browser, url: string, locale: string): Promise<readonly Buffer[]> {
  const shots: Buffer[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of [PHONE, DESKTOP]) {
      const context = await browser.newContext({ viewport, colorScheme, locale, deviceScaleFactor: SCALE });
      const page = await context.newPage();
      await page.goto(url);
      shots.push(await page.screenshot());
      await context.close();
    }
  }
  return shots;
}

/** One picture of four: two beside each other, twice. */
async function sheet(page: Page, shots: readonly Buffer[]): Promise<Buffer> {
  const images = shots.map((shot, index) => {
    const width = (index % 2 === 0 ? PHONE : DESKTOP).width * SCALE;
    return `<img alt="" width="${width}" src="data:image/png;base64,${shot.toString('base64')}">`;
  });
  await page.setContent(
    `<style>body{margin:0;background:#8a949e;width:max-content;display:grid;grid-template-columns:auto auto;gap:12px;padding:12px}
img{display:block}</style>${images.join('')}`,
  );
  return page.locator('body').screenshot();
}

const teardowns: (() => unknown)[] = [];
const t = { teardown: (end: () => unknown) => teardowns.push(end) };
try {
  const url = await servePages(t);
  const browser = await launchChromium(t);
  const paper = await browser.newPage({ viewport: { width: 1000, height: 1000 } });
  const folder = join(root, 'docs', 'screenshots');
  await mkdir(folder, { recursive: true });
  const wanted = process.argv.slice(2);
  for (const { file, sample, locale = 'en-GB' } of SHOWN) {
    if (wanted.length > 0 && !wanted.includes(file)) continue;
    const shots = await shoot(browser, `${url}/${sample}`, locale);
    await writeFile(join(folder, `${file}.png`), await sheet(paper, shots));
  }
} finally {
  for (const end of teardowns.reverse()) await end();
}
