import { request as open } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { Browser } from '../support/browser.ts';
import { startBuiltWorld } from '../support/built.ts';
import { growth } from '../support/memory.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const SIZE = 2 * GIB;

t.test('two GiB to a slow reader and from a slow sender do not pile up in the gateway', async t => {
  const { url, entra, gateway } = await startBuiltWorld(t);
  const person = new Browser({});
  entra.choose('agnes');
  await person.go(`${url}/ticket`);
  const headers = { cookie: `halogate=${person.cookies(url).halogate}`, origin: url };
  // What the first requests bring into memory for good is not what is measured.
  for (let warm = 0; warm < 20; warm += 1) await receive(`${url}/api/download?bytes=${4 * MIB}`, headers, false);

  await t.test('a download', async t => {
    const grown = await growth(gateway.process.pid, async () => {
      t.equal(await receive(`${url}/api/download?bytes=${SIZE}`, headers, true), SIZE);
    });
    t.ok(grown < 64 * MIB, `grew by ${Math.round(grown / MIB)} MiB`);
  });

  await t.test('an upload', async t => {
    const grown = await growth(gateway.process.pid, async () => {
      const answer = await send(`${url}/api/upload`, { ...headers, 'content-length': String(SIZE) });
      t.equal(JSON.parse(answer).bytes, SIZE);
    });
    t.ok(grown < 64 * MIB, `grew by ${Math.round(grown / MIB)} MiB`);
  });
});

/** @param slow pauses for two seconds at the start, and a little every 64 MiB: whoever does not wait has it all by then */
async function receive(url: string, headers: Record<string, string>, slow: boolean): Promise<number> {
  const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    open(url, { headers, agent: false }, resolve).on('error', reject).end();
  });
  let length = 0;
  if (slow) await sleep(2000);
  for await (const chunk of answer) {
    const before = Math.floor(length / (64 * MIB));
    length += chunk.length;
    if (slow && Math.floor(length / (64 * MIB)) > before) await sleep(50);
  }
  return length;
}

/** Sends {@link SIZE} bytes: as fast as they are taken, with pauses. */
async function send(url: string, headers: Record<string, string>): Promise<string> {
  const chunk = Buffer.alloc(256 * 1024, 'upload');
  async function* body() {
    for (let left = SIZE; left > 0; left -= chunk.length) {
      if (left % (64 * MIB) === 0) await sleep(50);
      yield chunk;
    }
  }
  return new Promise((resolve, reject) => {
    const request = open(url, { method: 'POST', headers, agent: false }, async answer => {
      let text = '';
      for await (const part of answer) text += part;
      resolve(text);
    });
    request.on('error', reject);
    Readable.from(body()).pipe(request);
  });
}
