import { gzipSync } from 'node:zlib';
import t from 'tap';
import { type Ask, FORM, startFront } from '../support/front.ts';
import { AGENTS, SUPPORT } from '../support/world.ts';

const HALO = AGENTS;
const PASSWORD = 'grant_type=password&username=ada&password=of-ada';
const HARMLESS = 'grant_type=client_credentials&client_id=i&client_secret=s';
const LIMIT = 64 * 1024;

/** Forms that carry a password to one server or another. */
const BODIES: readonly (string | Buffer)[] = [
  PASSWORD,
  'username=ada&password=of-ada&grant_type=password',
  'grant_type=PASSWORD&username=ada',
  'grant_type=Password',
  'GRANT_TYPE=password',
  'Grant_Type=pAssWord',
  'grant%5Ftype=password',
  '%67rant_type=p%61ssword',
  'grant_type=%70%61%73%73%77%6F%72%64',
  '+grant_type=password',
  'grant_type+=password',
  '%20grant_type%20=password',
  'grant_type=+password',
  'grant_type=password+',
  'grant_type=%20password%20',
  'grant_type=password%00',
  'grant_type%00=password',
  'grant_type=password%0d%0a',
  'grant_type=password\r\n',
  '\ufeffgrant_type=password',
  '%EF%BB%BFgrant_type=password',
  'grant_type=pa%C5%BF%C5%BFword',
  '&&grant_type=password&&',
  `${HARMLESS}&grant_type=password`,
  `grant_type=password&${HARMLESS}`,
  `${HARMLESS}&grant%5ftype=password`,
  `${HARMLESS}&Grant_Type=password`,
  `${HARMLESS}&+grant_type=password`,
  `${HARMLESS}&grant_type`,
  `${HARMLESS}&${HARMLESS}`,
  `${HARMLESS}&x=%`,
  `${HARMLESS}&x=%zz`,
  `${HARMLESS}&x=%u0070`,
  `${HARMLESS}&x=%c0%af`,
  'grant_type',
  'grant_type=',
  'username=ada&password=of-ada',
  '',
  'grant_type[]=password',
  'grant_type[0]=password',
  '{"grant_type":"password"}',
  '\u{feff}{"grant_type":"password"}',
  Buffer.from(PASSWORD, 'utf16le'),
  Buffer.from(`\ufeff${PASSWORD}`, 'utf16le'),
  Buffer.from(`${HARMLESS}&x=\xe9`, 'latin1'),
  Buffer.from(`${HARMLESS}&x=`.padEnd(LIMIT + 1, 'y')),
  Buffer.from(`${PASSWORD}&x=`.padEnd(LIMIT + 1, 'y')),
  Buffer.from(`${HARMLESS}&x=${'y'.repeat(200_000)}&grant_type=password`),
];

/** Targets that reach Halo's token endpoint. */
const TARGETS = [
  '/auth/token',
  '/AUTH/Token',
  '/auth/token/',
  '/auth/token?tenant=x',
  '/auth/token?',
  '/auth/token?x=/api/authinfo',
  '//auth//token',
  '/auth/./token',
  '/auth/x/../token',
  '/api/Notify/../../auth/token',
  '/%61uth/tok%65n',
  '/%2e/auth/%2E%2E/auth/token',
  '/portal/auth/token',
  '/PORTAL/Auth/TOKEN/',
  '/portal//auth/token?tenant=x',
];

/** Ways to say in which form the body comes that a server might believe, or not look at. */
const HEADERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no type': {},
  'an empty type': { 'content-type': '' },
  JSON: { 'content-type': 'application/json' },
  text: { 'content-type': 'text/plain' },
  multipart: { 'content-type': 'multipart/form-data; boundary=x' },
  'UTF-16': { 'content-type': `${FORM['content-type']}; charset=utf-16` },
  'UTF-7': { 'content-type': `${FORM['content-type']}; charset=utf-7` },
  EBCDIC: { 'content-type': `${FORM['content-type']}; charset=ibm037` },
  'two charsets': { 'content-type': `${FORM['content-type']}; charset=utf-8; charset=utf-16` },
  'two types': { 'content-type': `${FORM['content-type']}, application/json` },
  gzip: { ...FORM, 'content-encoding': 'gzip' },
  identity: { ...FORM, 'content-encoding': 'identity' },
  'an underscore': { content_type: FORM['content-type'] },
};

type Assertions = Pick<typeof t, 'match'>;

t.test('while sign-in is forced, a password grant is refused in any disguise, session or not', async t => {
  const front = await startFront(t);
  const cookies = [undefined, await front.signIn('agnes'), await front.signIn('ulrich')];

  const isRefused = async (t: Assertions, url: string, ask: Ask, name: string) => {
    for (const cookie of cookies) {
      const reply = await front.ask(`POST ${url}`, { ...ask, cookie });
      t.match(reply, { status: 403, code: 'NATIVE_SIGN_IN_REFUSED', arrived: undefined }, name);
    }
  };

  await t.test('in the form', async t => {
    for (const body of BODIES) {
      const name = body.toString().slice(0, 80);
      await isRefused(t, `${HALO}/auth/token`, { headers: FORM, body }, name);
    }
  });

  await t.test('in the target, on every host', async t => {
    for (const target of TARGETS) {
      for (const { origin } of [new URL(HALO), new URL(SUPPORT)]) {
        await isRefused(t, origin + target, { headers: FORM, body: PASSWORD }, origin + target);
      }
    }
    const absolute = { headers: FORM, body: PASSWORD, target: 'HTTPS://HALO.example.com:443//auth/token' };
    await isRefused(t, `${HALO}/auth/token`, absolute, 'the absolute form');
  });

  await t.test('in what is said of the form', async t => {
    for (const [name, headers] of Object.entries(HEADERS)) {
      await isRefused(t, `${HALO}/auth/token`, { headers, body: PASSWORD }, name);
      await isRefused(t, `${HALO}/portal/auth/token`, { headers, body: HARMLESS }, `${name}, whatever is in it`);
    }
    const gzip = { headers: { ...FORM, 'content-encoding': 'gzip' }, body: gzipSync(PASSWORD) };
    await isRefused(t, `${HALO}/auth/token`, gzip, 'really compressed');
    const deflated = { headers: { ...FORM, 'transfer-encoding': 'gzip, chunked' }, body: HARMLESS, chunks: 8 };
    t.match(await front.ask(`POST ${HALO}/auth/token`, deflated), { arrived: undefined }, 'compressed on the way');
  });

  await t.test('in the query, beside a harmless form', async t => {
    for (const query of ['grant_type=password', 'x&Grant%5FType=PASSWORD', 'grant_type=client_credentials', 'x=%zz']) {
      await isRefused(t, `${HALO}/auth/token?${query}`, { headers: FORM, body: HARMLESS }, query);
    }
  });

  await t.test('in how the form is sent', async t => {
    for (const chunks of [1, 7, 4096]) {
      await isRefused(t, `${HALO}/auth/token`, { headers: FORM, body: PASSWORD, chunks }, `chunks of ${chunks}`);
    }
    const late = `${HARMLESS}&x=`.padEnd(LIMIT, 'y');
    const long = { headers: FORM, body: `${late}&grant_type=password`, chunks: 1000 };
    await isRefused(t, `${HALO}/auth/token`, long, 'behind 64 KiB, in chunks');
    const waiting = { headers: { ...FORM, expect: '100-continue' }, body: PASSWORD };
    await isRefused(t, `${HALO}/auth/token`, waiting, 'after the go-ahead');
  });

  await t.test('and in another method', async t => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const reply = await front.ask(`${method} ${HALO}/auth/token?${PASSWORD}`, { headers: FORM, body: PASSWORD });
      t.match(reply, { status: 401, code: 'SIGN_IN_REQUIRED', arrived: undefined }, method);
    }
  });

  await t.test('fields that stand twice are no request at all', async t => {
    for (const [name, value] of [
      ['Content-Type', 'application/json'],
      ['Content-Length', '3'],
      ['Content-Encoding', 'gzip'],
      ['Transfer-Encoding', 'chunked'],
    ] as const) {
      const headers = { ...FORM, 'content-encoding': 'identity', [name]: value };
      const reply = await front.ask(`POST ${HALO}/auth/token`, { headers, body: HARMLESS });
      t.match(reply, { status: 400, arrived: undefined }, name);
    }
  });

  t.notMatch(front.gateway.logs().join('\n'), /of-ada/, 'no password is in the log');
});
