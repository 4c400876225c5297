import fc from 'fast-check';
import t from 'tap';
import { readTokenRequest, TOKEN_BODY_LIMIT } from '../../src/policy/index.ts';

const FORM = 'application/x-www-form-urlencoded';

function read(form: string | Buffer, headers: Parameters<typeof readTokenRequest>[0] = { 'content-type': FORM }) {
  return readTokenRequest(headers, '', Buffer.from(form), true);
}

const UNREADABLE = { unreadable: String };

t.test('the grant of a token request is read after decoding', async t => {
  for (const [form, grant] of [
    ['grant_type=client_credentials', 'client_credentials'],
    ['client_id=a&grant_type=refresh_token&x', 'refresh_token'],
    ['grant%5Ftype=client%5fcredentials', 'client_credentials'],
    ['%67rant_type=urn:ietf:params:oauth:grant-type:device_code', 'urn:ietf:params:oauth:grant-type:device_code'],
    ['grant_type=urn%3Aexample%3Ax', 'urn:example:x'],
    ['&&grant_type=a&', 'a'],
    ['x=%C3%A9&grant_type=a', 'a'],
    ['x=\u00e9&grant_type=a', 'a'],
    ['grant_type=a=b', 'a=b'],
    ['grant_type=Client_Credentials', 'Client_Credentials'],
    ['GRANT_TYPE=a', 'a'],
  ] as const) {
    t.same(read(form), { grant }, form);
  }
});

t.test('a password is a password in every disguise', async t => {
  for (const form of [
    'grant_type=password',
    'grant_type=Password',
    'grant_type=PASSWORD&username=a',
    'grant_type=p%61ssword',
    'grant%5Ftype=%70%61%73%73%77%6f%72%64',
    'Grant_Type=password',
    '+grant_type=password',
    'grant_type%20=password',
    '%EF%BB%BFgrant_type=password',
    '\ufeffgrant_type=password',
  ]) {
    t.same(read(form), { grant: 'password' }, form);
  }
});

t.test('what could be read in two ways cannot be read', async t => {
  for (const form of [
    '',
    'x=y',
    'grant_type',
    'grant_type=',
    'grant_type=client_credentials&grant_type=password',
    'grant_type=client_credentials&grant_type=client_credentials',
    'grant_type=client_credentials&grant%5Ftype=password',
    'grant_type=client_credentials&+grant_type=password',
    'grant_type=client_credentials&grant_type+=password',
    'grant_type=client_credentials&GRANT_TYPE=password',
    'grant_type=client_credentials&grant_type',
    'grant_type=client_credentials&%67rant_type=password',
    'grant_type=client_credentials&\ufeffgrant_type=password',
    'grant_type=client_credentials&grant_type%00=password',
    'grant_type=+password',
    'grant_type=password+',
    'grant_type=password%00',
    'grant_type=password\r\n',
    'grant_type=%70assword%0a',
    'grant_type=pa%C5%BF%C5%BFword',
    'grant_type=client_credentials&x=%',
    'grant_type=client_credentials&x=%zz',
    'grant_type=client_credentials&x=%2',
    'grant_type=client_credentials&x=%u0070',
    'grant_type=client_credentials&x=%ff',
    'grant_type=client_credentials&x=%c0%af',
    'xgrant_type=password',
    'grant_type[]=password',
    '{"grant_type":"client_credentials"}',
  ]) {
    t.match(read(form), UNREADABLE, form);
  }
  t.match(read(Buffer.from('grant_type=client_credentials&x=\xe9', 'latin1')), UNREADABLE, 'no UTF-8');
  t.match(read(Buffer.from('grant_type=client_credentials', 'utf16le')), UNREADABLE, 'UTF-16');
});

t.test('the form must be declared as a form in UTF-8, once', async t => {
  const form = 'grant_type=a';
  for (const type of [
    FORM,
    'Application/X-WWW-Form-URLEncoded',
    `${FORM}; charset=utf-8`,
    `${FORM};charset=UTF-8`,
    `${FORM} ; charset="utf-8"`,
    [FORM],
  ]) {
    t.same(read(form, { 'content-type': type }), { grant: 'a' }, String(type));
  }
  for (const type of [
    undefined,
    '',
    'application/json',
    'multipart/form-data; boundary=x',
    'text/plain',
    `${FORM}x`,
    `x${FORM}`,
    `${FORM}; charset=utf-16`,
    `${FORM}; charset=ibm037`,
    `${FORM}; charset=utf-7`,
    `${FORM}; charset=`,
    `${FORM}; charset=utf-8; charset=utf-16`,
    `${FORM}; charset=utf-16; charset=utf-8`,
    `${FORM}; x=y`,
    `${FORM}, application/json`,
    `${FORM}, ${FORM}`,
    [FORM, FORM],
    [FORM, 'application/json'],
    [],
  ]) {
    t.match(read(form, { 'content-type': type }), UNREADABLE, String(type));
  }
});

t.test('a grant in the query, and a query that hides what it holds, makes the form unreadable', async t => {
  const readWith = (query: string) =>
    readTokenRequest({ 'content-type': FORM }, query, Buffer.from('grant_type=client_credentials'), true);
  for (const query of ['', '?', '?tenant=x', '?tenant=a%20b+c&y', '?x=grant_type', '?xgrant_type=password']) {
    t.same(readWith(query), { grant: 'client_credentials' }, query);
  }
  for (const query of ['?grant_type=password', '?x&GRANT%5Ftype', '?+grant_type=client_credentials', '?x=%', '?%00=']) {
    t.match(readWith(query), UNREADABLE, query);
  }
});

t.test('an encoded body cannot be read', async t => {
  for (const value of ['gzip', 'identity', '', ['gzip', 'br']]) {
    t.match(read('grant_type=a', { 'content-type': FORM, 'content-encoding': value }), UNREADABLE, String(value));
  }
  t.match(read('grant_type=a', { 'content-type': FORM, 'transfer-encoding': 'gzip, chunked' }), UNREADABLE);
  t.same(read('grant_type=a', { 'content-type': FORM, 'transfer-encoding': 'Chunked' }), { grant: 'a' });
});

t.test('a body is read up to 64 KiB and to its end', async t => {
  const form = 'grant_type=a&x=';
  t.same(read(form.padEnd(TOKEN_BODY_LIMIT, 'y')), { grant: 'a' });
  t.match(read(form.padEnd(TOKEN_BODY_LIMIT + 1, 'y')), UNREADABLE);
  t.match(readTokenRequest({ 'content-type': FORM }, '', Buffer.from('grant_type=a'), false), UNREADABLE);
});

t.test('why a request cannot be read quotes nothing of it', async t => {
  for (const form of ['grant_type=se cret', 'secret=%zz', 'secret'])
    t.notMatch(read(form), { unreadable: /secret|se cret/ });
});

t.test('no form with a password under its name comes out as another grant', async () => {
  const encode = (text: string) =>
    fc
      .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
      .map(encoded =>
        [...text].map((letter, at) => (encoded[at] ? `%${letter.charCodeAt(0).toString(16)}` : letter)).join(''),
      );
  const cased = fc.mixedCase(fc.constant('password'));
  const other = fc.string({
    unit: fc.constantFrom('a', '=', '%41', '+', '%20', '%zz', ';', '\u00e9', 'grant_type='),
    maxLength: 6,
  });
  const noise = fc.array(other, { maxLength: 4 });
  fc.assert(
    fc.property(noise, encode('grant_type'), cased.chain(encode), noise, (before, name, value, after) => {
      const result = read([...before, `${name}=${value}`, ...after].join('&'));
      return 'unreadable' in result || result.grant === 'password';
    }),
    { numRuns: 3_000 },
  );
});

t.test('no body whatever makes it throw', async () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      readTokenRequest({ 'content-type': FORM }, '', Buffer.from(bytes), true);
    }),
  );
});
