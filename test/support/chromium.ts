import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';

interface Teardown {
  teardown(end: () => unknown): void;
}

/** Fresh browser contexts of one headless Chromium, found as `npm test` found or installed it. */
export async function startChromium(
  t: Teardown,
): Promise<{ context(options?: BrowserContextOptions): Promise<BrowserContext> }> {
  const browser = await launchChromium(t);
  return { context: options => browser.newContext(options) };
}

/** The headless Chromium itself. */
export async function launchChromium(t: Teardown): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking'],
  });
  t.teardown(() => browser.close());
  return browser;
}

function findChromium(): string {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  for (const folder of PATH.split(delimiter)) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
  }
  throw new Error('There is no Chromium: install one or name it in CHROMIUM_PATH.');
}
