import { join } from 'node:path';
import t from 'tap';
import { loadSettingsText } from '../../src/config/index.ts';
import { sound } from '../support/settings.ts';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>';
const RASTER = {
  'image/png': Buffer.from('\x89PNG\r\n\x1a\n....', 'latin1'),
  'image/jpeg': Buffer.from('\xff\xd8\xff\xe0....', 'latin1'),
  'image/gif': Buffer.from('GIF89a....', 'latin1'),
  'image/webp': Buffer.from('RIFF....WEBPVP8 ', 'latin1'),
} as const;

async function load(
  test: Pick<typeof t, 'testdir'>,
  bytes: string | Buffer | undefined,
  options: { readonly static?: boolean } = {},
) {
  const directory = test.testdir(bytes === undefined ? {} : { logo: bytes });
  const text = `${sound}pages: {logo: logo}\n`;
  return loadSettingsText(text, { file: join(directory, 'halogate.yaml'), ...options });
}

t.test('an image is told by its bytes, whatever its name', async t => {
  for (const [contentType, bytes] of Object.entries(RASTER)) {
    const { config, findings } = await load(t, bytes);
    t.same(findings, [], contentType);
    t.equal(config?.pages.logo?.contentType, contentType);
    t.ok(config?.pages.logo?.bytes.equals(bytes), 'its bytes are kept as they are');
  }
});

t.test('an SVG may have a declaration, comments and a document type before its root', async t => {
  const starts = ['', '\ufeff', '<?xml version="1.0"?>\n<!-- made by hand -->\n', '<!DOCTYPE svg PUBLIC "a" "b">\n'];
  for (const start of starts) {
    const { config } = await load(t, start + SVG);
    t.equal(config?.pages.logo?.contentType, 'image/svg+xml', JSON.stringify(start));
  }
});

t.test('however many comments stand before the root, and even where none follows', async t => {
  const comments = '<!---->'.repeat(10_000);
  t.equal((await load(t, comments + SVG)).config?.pages.logo?.contentType, 'image/svg+xml');
  t.match((await load(t, comments)).findings, [{ code: 'UNSUITABLE_LOGO' }]);
  t.match((await load(t, `${comments}<!-- ${SVG}`)).findings, [{ code: 'UNSUITABLE_LOGO' }], 'one that does not end');
});

t.test('what no browser shows as an image is refused, with what would do', async t => {
  const unsuitable = [
    '',
    'not an image',
    '<html><svg xmlns="http://www.w3.org/2000/svg"></svg></html>',
    SVG.replace(/ xmlns="[^"]*"/, ''),
    `<!DOCTYPE svg [<!ENTITY a "b">]>${SVG}`,
    Buffer.from('RIFF....WAVEfmt ', 'latin1'),
  ];
  for (const bytes of unsuitable) {
    const { config, findings } = await load(t, bytes);
    t.equal(config, undefined);
    t.match(findings, [{ code: 'UNSUITABLE_LOGO', line: 18, message: /SVG.*PNG, JPEG, GIF or WebP/ }], String(bytes));
  }
});

t.test('an image that would make people wait is refused', async t => {
  const { findings } = await load(t, Buffer.concat([RASTER['image/png'], Buffer.alloc(256 * 1024)]));
  t.match(findings, [{ code: 'UNSUITABLE_LOGO', message: /257 KiB.*256 KiB is the most/ }]);
  const most = Buffer.concat([RASTER['image/png'], Buffer.alloc(256 * 1024 - RASTER['image/png'].length)]);
  t.same((await load(t, most)).findings, []);
});

t.test('an image that is missing is said so, unless only the settings are looked at', async t => {
  t.match((await load(t, undefined)).findings, [{ code: 'FILE_UNREADABLE', message: /"logo" does not exist/ }]);
  t.same((await load(t, undefined, { static: true })).findings, []);
});
