#!/usr/bin/env node
// Everything else is imported after the version check: an older Node fails while it reads a module, with words that help nobody.
import process from 'node:process';

const OLDEST_NODE = [22, 19, 0];

function isOlder(version: string): boolean {
  const parts = version.split('.').map(Number);
  const differing = OLDEST_NODE.findIndex((part, index) => part !== parts[index]);
  return differing !== -1 && (parts[differing] ?? 0) < (OLDEST_NODE[differing] ?? 0);
}

if (isOlder(process.versions.node)) {
  process.stderr.write(`halogate needs Node ${OLDEST_NODE.join('.')} or later; this is ${process.versions.node}.
In a checkout on Linux x64, npm run -s halogate -- <command> uses the one that npm ci brings.\n`);
  process.exit(1);
}

const { main } = await import('./commands/index.ts');
process.exit(await main(process.argv.slice(2), process.env));
