import fc from 'fast-check';
import t from 'tap';
import { loadSettingsText } from '../../src/config/index.ts';
import { createLocate } from '../../src/portals/index.ts';
import { readReturnPath } from '../../src/signin/return-path.ts';
import { sound } from '../support/settings.ts';

const ORIGIN = 'https://halo.example.com';
const { config } = await loadSettingsText(sound, { file: 'test.yaml' });
if (!config) throw new Error('The settings do not load.');
const locate = createLocate(config);
const read = (value: string | undefined) => readReturnPath(locate, ORIGIN, value)?.path;

t.test('a path of the host survives byte for byte, a URL in its query included', async t => {
  for (const path of [
    '/',
    '/ticket?id=42&url=https://elsewhere.example/x%20y',
    '/portal/home',
    '/files/100%25%20done;v=1',
  ]) {
    t.equal(read(path), path);
  }
});

t.test('no spelling of another place survives', async t => {
  for (const hostile of [
    undefined,
    '',
    'ticket',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/%09/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/./\\evil.example',
    '/./../../\\evil.example',
    '/.//evil.example',
    '/..//evil.example',
    'https:evil.example',
    'https://evil.example',
    'https://halo.example.com@evil.example',
    'https://evil.example\\@halo.example.com',
    'https://halo.example.com.evil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    '/x\r\nSet-Cookie: a=b',
    '/／evil.example',
    '/。。/evil',
    `/${'a'.repeat(2000)}`,
  ]) {
    const path = read(hostile);
    if (path !== undefined) t.equal(new URL(path, ORIGIN).origin, ORIGIN, `${hostile} stays on the host`);
    t.notMatch(path ?? '', /^\/[/\\]/, String(hostile));
  }
});

t.test("callbacks, the import address and the gateway's own paths are nowhere to come back to", async t => {
  for (const path of [
    '/auth/account/azureresponse?code=c',
    '/AUTH/Account/OpenIdResponse',
    '/portal/auth/account/samlresponse',
    '/azure/auth',
    '/.halogate/sign-out',
    '/.HALOGATE/sign-in?return=/',
  ]) {
    t.equal(read(path), undefined, path);
  }
});

t.test('whatever comes in, what comes out is a path of the host', async () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('/', '\\', '.', '..', '%2f', '%5c', '@', ':', '//', '\t', 'evil.example', '?', '#'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
      const path = read(`/${pieces.join('')}`);
      return path === undefined || (path.startsWith('/') && new URL(path, ORIGIN).origin === ORIGIN);
    }),
    { numRuns: 2000 },
  );
});
