import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

interface Teardown {
  teardown(end: () => unknown): void;
}

/** Fresh browser contexts of one headless Chromium, found as `npm test` found or installed it. */
export async function startChromium(t: Teardown): Promise<{ context(): Promise<BrowserContext> }> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking'],
  });
  t.teardown(() => browser.close());
  return { context: () => browser.newContext() };
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
