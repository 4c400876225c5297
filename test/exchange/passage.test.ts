import t from 'tap';
import { sendRaw, wholeAnswer } from '../support/raw.ts';
import { startWorld } from '../support/world.ts';

const HOST = 'Host: halo.example.com\r\n';
/** A path of Halo's that anybody may ask for. */
const OPEN = '/api/Notify/stripe';
const ODD_TYPES = ['', 'json', ';;;', 'text', 'text/html,application/xml'];

function whole(text: string): boolean {
  return wholeAnswer(text) || /\r\n0\r\n\r\n$/.test(text);
}

t.test('whatever a body is said to be, it reaches Halo as it came', async t => {
  const { address, halo } = await startWorld(t);
  for (const type of [...ODD_TYPES, undefined]) {
    halo.clear();
    const name = `with ${JSON.stringify(type)}`;
    const field = type === undefined ? '' : `Content-Type: ${type}\r\n`;
    await sendRaw(address, `POST ${OPEN} HTTP/1.1\r\n${HOST}${field}Content-Length: 5\r\n\r\nhello`, whole);
    const [received] = halo.received;
    t.match(received, { method: 'POST', target: OPEN, bodyStart: 'hello' }, name);
    const at = received?.rawHeaders.findIndex(field => field.toLowerCase() === 'content-type') ?? -1;
    t.equal(at < 0 ? undefined : received?.rawHeaders[at + 1], type, name);
  }
});

t.test('a type that makes no sense does not hide the refusal of who may not', async t => {
  const { address, logs } = await startWorld(t);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'QUERY', 'PROPFIND']) {
    for (const type of ODD_TYPES) {
      const fields = `${HOST}Content-Type: ${type}\r\nContent-Length: 5\r\n\r\nhello`;
      const { statuses } = await sendRaw(address, `${method} /api/tickets HTTP/1.1\r\n${fields}`, wholeAnswer);
      t.same(statuses, [401], `${method} with ${type}`);
      t.match(logs.at(-1), { method, status: 401, host: 'halo.example.com', path: '/api/tickets' });
    }
  }
});

t.test('a request with an expectation that nobody knows is served, and the expectation is not passed on', async t => {
  const { address, halo } = await startWorld(t);
  const fields = `${HOST}Expect: foo\r\nContent-Length: 5\r\n\r\nhello`;
  t.same((await sendRaw(address, `POST /api/tickets HTTP/1.1\r\n${fields}`, wholeAnswer)).statuses, [401]);
  t.same((await sendRaw(address, `POST ${OPEN} HTTP/1.1\r\n${fields}`, whole)).statuses, [200]);
  t.match(halo.received, [{ bodyStart: 'hello' }]);
  t.notMatch(halo.received[0]?.rawHeaders.join('\n') ?? '', /expect/i);
});

t.test('only who waits for the go-ahead gets it, and nobody who speaks HTTP/1.0', async t => {
  const { address } = await startWorld(t);
  const form = 'grant_type=client_credentials&client_id=i&client_secret=s';
  const token = (version: string, expect: string) =>
    `POST /auth/token HTTP/${version}\r\n${HOST}Content-Type: application/x-www-form-urlencoded\r\n` +
    `Expect: ${expect}\r\nConnection: close\r\nContent-Length: ${form.length}\r\n\r\n${form}`;
  const statusesOf = async (version: string, expect: string) =>
    (await sendRaw(address, token(version, expect), () => false)).statuses;
  t.same(await statusesOf('1.1', '100-Continue'), [100, 200]);
  t.same(await statusesOf('1.0', '100-continue'), [200]);
  t.same(await statusesOf('1.1', 'foo'), [200]);
});
