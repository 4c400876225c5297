import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { createPages, type PageContent } from '../../src/pages/index.ts';
import { type Tag, tagsOf, textOf } from '../support/markup.ts';

const attack = fc.constantFrom(
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onfocus='alert(1)' autofocus='",
  '</title><script>',
  '</style><svg onload=alert(1)>',
  '&lt;b&gt;',
  '<!--',
  ']]>',
  '$&',
  '\u0000',
  '\u202e',
);
const hostile = fc
  .array(fc.oneof(attack, fc.string({ unit: 'binary' })), { minLength: 1, maxLength: 4 })
  .map(parts => parts.join(''));

/** One page that fills every field with what `text` gives. */
function pageWith(text: () => string, href: () => string): { html: string; headers: Readonly<Record<string, string>> } {
  const said: ReturnType<PageContent['say']> = {
    heading: text(),
    paragraphs: [text(), text()],
    actions: [
      { kind: 'link', href: href(), label: text(), note: text(), newWindow: true, primary: true },
      { kind: 'form', action: '/.halogate/sign-out', label: text(), fields: { [text()]: text() } },
      {
        kind: 'address',
        action: '/.halogate/sign-in',
        label: text(),
        fields: { [text()]: text() },
        input: { name: text(), label: text(), value: text(), problem: text() },
      },
    ],
    details: [{ label: text(), value: text() }],
  };
  const content = { say: () => said, code: text(), requestId: text() };
  return createPages({ title: text(), support: 'mailto:it@example.com' }).render(content, 'en');
}

const shapeOf = ({ name, attributes }: Tag) => [name, ...Object.keys(attributes)];

t.test('text of any kind in any field is shown as it is and never becomes markup', async t => {
  const plain = tagsOf(
    pageWith(
      () => 'x',
      () => '/x',
    ).html,
  );
  const eachText = fc.property(fc.array(hostile, { minLength: 20, maxLength: 20 }), texts => {
    const rest = [...texts];
    const { html } = pageWith(
      () => rest.pop() ?? 'x',
      () => '/x',
    );
    const tags = tagsOf(html);
    assert.deepEqual(tags.map(shapeOf), plain.map(shapeOf));
    const shown = [textOf(html), ...tags.flatMap(({ attributes }) => Object.values(attributes))].join('\n');
    for (const text of texts) assert.ok(shown.includes(text), 'the text is shown whole');
  });
  t.doesNotThrow(() => fc.assert(eachText, { numRuns: 200 }));
});

t.test('a link leads to a path of the host or to an http, https or mailto address, whatever it is given', async t => {
  const address = fc.oneof(
    hostile,
    fc.constantFrom('//evil.example', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)', 'data:text/html,x'),
    fc.constantFrom(
      'JaVaScRiPt:alert(1)',
      ' javascript:alert(1)',
      'vbscript:x',
      'https:evil',
      'evil',
      '',
      '/\n/evil.example',
    ),
    fc.webPath().map(path => `/${path}`),
    fc.webUrl(),
  );
  const eachAddress = fc.property(address, href => {
    const { html } = pageWith(
      () => 'x',
      () => href,
    );
    for (const { name, attributes } of tagsOf(html)) {
      if (name !== 'a' || attributes.href === undefined) continue;
      const target = new URL(attributes.href, 'https://halo.example.com');
      const own = attributes.href.startsWith('/') && target.origin === 'https://halo.example.com';
      assert.ok(own || /^(?:https?:\/\/|mailto:)/i.test(attributes.href), attributes.href);
    }
  });
  t.doesNotThrow(() => fc.assert(eachAddress, { numRuns: 300 }));
});

t.test('a link that leads nowhere safe keeps its words', async t => {
  for (const href of ['javascript:alert(1)', '//evil.example', '/\\evil.example']) {
    const { html } = pageWith(
      () => 'Continue',
      () => href,
    );
    t.notOk(
      tagsOf(html).some(({ attributes }) => attributes.href === href),
      'not linked',
    );
    t.match(textOf(html), 'Continue');
  }
});

t.test('a deep link survives with another address in its query', async t => {
  const href = '/tickets?id=7&url=https://elsewhere.example/a%20b#top';
  const { html } = pageWith(
    () => 'x',
    () => href,
  );
  t.ok(tagsOf(html).some(({ name, attributes }) => name === 'a' && attributes.href === href));
});

t.test('a form posts to a path of this host or is not there', async t => {
  const pages = createPages({ title: 'Halo' });
  const formFor = (action: string) =>
    tagsOf(
      pages.render(
        { say: () => ({ heading: 'x', paragraphs: [], actions: [{ kind: 'form', action, label: 'Go' }] }) },
        'en',
      ).html,
    ).filter(({ name }) => name === 'form');
  t.same(formFor('/.halogate/sign-out')[0]?.attributes, { method: 'post', action: '/.halogate/sign-out' });
  for (const action of ['https://evil.example/', '//evil.example', 'javascript:alert(1)', 'sign-out']) {
    t.same(formFor(action), [], action);
  }
});

t.test('a support address that is no link is left out', async t => {
  const { html } = createPages({ title: 'Halo', support: 'javascript:alert(1)' }).render(
    { say: () => ({ heading: 'x', paragraphs: [] }) },
    'en',
  );
  t.same(
    tagsOf(html).filter(({ name }) => name === 'a'),
    [],
  );
});
