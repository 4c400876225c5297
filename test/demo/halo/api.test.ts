import t from 'tap';
import { json, post, start } from './support.ts';

t.test('what arrived is on record, byte for byte', async t => {
  const halo = await start(t);
  await (await fetch(`${halo.url}/api/Echo?q=%2F%20b`, { method: 'POST', body: 'x'.repeat(3000) })).text();
  const [received] = halo.received;
  t.match(received, { method: 'POST', target: '/api/Echo?q=%2F%20b', bodySize: 3000 });
  t.equal(received?.bodyStart, 'x'.repeat(1024));
  t.equal(received?.header('HOST'), `127.0.0.1:${halo.port}`);
  t.ok(received?.rawHeaders.includes('content-length') || received?.rawHeaders.includes('Content-Length'));
  halo.clear();
  t.strictSame(halo.received, []);
});

t.test('echo answers with the request as it arrived', async t => {
  const halo = await start(t);
  const headers = { 'X-Two': 'a, b' };
  const echoed = await json(await fetch(`${halo.url}/api/echo?a=1`, { method: 'PATCH', body: '{}', headers }));
  t.match(echoed, { method: 'PATCH', target: '/api/echo?a=1', body: '{}' });
  t.ok((echoed.headers as string[][]).some(([name, value]) => /^x-two$/i.test(name ?? '') && value === 'a, b'));
});

t.test('tickets: a list to read, an array to write', async t => {
  const halo = await start(t);
  const listed = await json(await fetch(`${halo.url}/API/Tickets/`, { headers: { 'x-forwarded-user': 'agnes' } }));
  t.match(listed, { record_count: 2, tickets: [{ id: 1042 }, { id: 1043 }], seen_by: 'agnes' });
  const write = (body: string) => fetch(`${halo.url}/api/tickets`, { method: 'POST', body });
  t.strictSame(await (await write('[{"summary":"new"}]')).json(), [{ summary: 'new' }]);
  t.equal((await write('{"summary":"new"}')).status, 400);
});

t.test('what is open to everybody', async t => {
  const halo = await start(t);
  t.match(await json(await fetch(`${halo.url}/api/authinfo`)), { auth_url: `${halo.url}/auth` });
  const hook = await post(`${halo.url}/api/Notify/stripe`, { a: '1' });
  t.match(await json(hook), { hook: 'stripe', bytes: 3, identity: null });
  t.match((await fetch(`${halo.url}/chat/index.js`)).headers.get('content-type'), 'text/javascript');
  t.match(await (await fetch(`${halo.url}/portal/anonymouskb?key=k1`)).text(), 'Opened with key k1.');
});

t.test('several cookies stay several', async t => {
  const halo = await start(t);
  t.equal((await fetch(`${halo.url}/api/cookies`)).headers.getSetCookie().length, 3);
});

t.test('HEAD is answered like GET, without the body', async t => {
  const halo = await start(t);
  const answer = await fetch(`${halo.url}/api/authinfo`, { method: 'HEAD' });
  t.match([answer.status, Number(answer.headers.get('content-length')) > 0], [200, true]);
  t.equal(await answer.text(), '');
});

t.test('an unknown path of the API is 404, a wrong method 405', async t => {
  const halo = await start(t);
  t.equal((await fetch(`${halo.url}/api/nothing`)).status, 404);
  t.equal((await fetch(`${halo.url}/api/tickets`, { method: 'DELETE' })).status, 405);
});
