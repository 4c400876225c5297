import { createHash } from 'node:crypto';
import t from 'tap';
import { json, start } from './support.ts';

t.test('a download has the size that was asked for, with or without its length', async t => {
  const halo = await start(t);
  for (const bytes of [0, 1, 65_536, 1_000_001]) {
    const answer = await fetch(`${halo.url}/api/download?bytes=${bytes}`);
    t.equal(answer.headers.get('content-length'), String(bytes));
    t.equal((await answer.arrayBuffer()).byteLength, bytes);
  }
  const chunked = await fetch(`${halo.url}/api/download?bytes=100000&chunked=1`);
  t.notOk(chunked.headers.has('content-length'));
  t.equal((await chunked.arrayBuffer()).byteLength, 100_000);
});

t.test('an upload is counted and summed', async t => {
  const halo = await start(t);
  const body = Buffer.alloc(3_000_000, 'upload');
  const answer = await json(await fetch(`${halo.url}/api/upload`, { method: 'POST', body }));
  t.strictSame(answer, { bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') });
  t.equal(halo.received[0]?.bodySize, body.length);
});

t.test('server-sent events: the first one comes at once, and a counted stream ends', async t => {
  const halo = await start(t);
  const endless = await fetch(`${halo.url}/api/events?every=60000`);
  t.equal(endless.headers.get('content-type'), 'text/event-stream');
  const reader = endless.body?.getReader();
  t.match(Buffer.from((await reader?.read())?.value ?? []).toString(), /^id: 1\nevent: ticket\ndata: {"id":1042}\n\n$/);
  await reader?.cancel();
  const counted = await (await fetch(`${halo.url}/api/events?count=3&every=1`)).text();
  t.equal(counted.match(/^data: /gm)?.length, 3);
});

t.test('any status, and an answer that waits', async t => {
  const halo = await start(t);
  t.equal((await fetch(`${halo.url}/api/status?code=418`)).status, 418);
  t.equal((await fetch(`${halo.url}/api/status`)).status, 500);
  t.strictSame(await json(await fetch(`${halo.url}/api/slow?ms=1`)), { waited: 1 });
});

t.test('an answer that is reset in the middle', async t => {
  const halo = await start(t);
  const answer = await fetch(`${halo.url}/api/reset`);
  t.equal(answer.status, 200);
  await t.rejects(answer.text(), { cause: { code: 'ECONNRESET' } });
});

t.test('a request that hangs ends with the stand-in', async t => {
  const halo = await start(t);
  const hanging = fetch(`${halo.url}/api/hang`).then(
    () => 'answered',
    () => 'ended',
  );
  while (halo.received.length === 0) await new Promise(resolve => setImmediate(resolve));
  await halo.close();
  t.equal(await hanging, 'ended');
});

t.test('a stand-in that is closed can be started again at the same port', async t => {
  const first = await start(t);
  await first.close();
  const second = await start(t, { port: first.port });
  t.equal(second.url, first.url);
});
