import fc from 'fast-check';
import t from 'tap';
import { createAnswers } from '../../src/answers/index.ts';
import { createPages, notFound, signOutQuestion } from '../../src/pages/index.ts';

const answers = createAnswers(createPages({ title: 'Helpdesk' }));

function refused(acceptLanguage: string | undefined, page: boolean) {
  const { headers, body } = answers.refuse(
    { page, requestId: 'req-1', acceptLanguage },
    { status: 404, content: notFound() },
  );
  return { headers: new Map(headers), body: String(body) };
}

const languageOf = (acceptLanguage: string | undefined) =>
  refused(acceptLanguage, true).headers.get('Content-Language');

t.test('a person reads the language that they prefer', async t => {
  const preferences = [
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['de', 'de'],
    ['DE', 'de'],
    ['de-AT', 'de'],
    ['de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7', 'de'],
    ['en-GB,en;q=0.9,de;q=0.8', 'en'],
    ['de;q=0.5, en;q=0.7', 'en'],
    ['fr, de;q=0.3', 'de'],
    ['fr, ja', 'en'],
    ['de;q=0, *', 'en'],
    ['en;q=0, de', 'de'],
  ] as const;
  for (const [field, language] of preferences) t.equal(languageOf(field), language, field ?? 'none');
});

t.test('the page is written in it, and says that it depends on it', async t => {
  const { headers, body } = refused('de-DE,de;q=0.9,en;q=0.8', true);
  t.match(body, '<html lang="de" dir="ltr">');
  t.match(body, 'Diese Seite gibt es nicht');
  t.equal(headers.get('Vary'), 'Accept-Language');
});

t.test('so is a problem document', async t => {
  const { headers, body } = refused('de', false);
  t.match(JSON.parse(body), { title: 'Diese Seite gibt es nicht', code: 'NOT_FOUND', status: 404, requestId: 'req-1' });
  t.equal(headers.get('Content-Language'), 'de');
  t.equal(headers.get('Vary'), 'Accept-Language');
  t.match(JSON.parse(refused(undefined, false).body), { title: 'This page does not exist' });
});

t.test('a question is asked in it', async t => {
  const audience = { page: true, requestId: 'req-1', acceptLanguage: 'de' };
  const { body, headers } = answers.page(audience, 200, signOutQuestion({ cancelHref: '/', formTargets: [] }));
  t.match(String(body), 'Möchten Sie sich abmelden?');
  t.equal(new Map(headers).get('Content-Language'), 'de');
});

t.test('whatever is sent as a preference, a page comes', async t => {
  const parts = fc.constantFrom('de', 'en-', '-', ',', ';', 'q=', '=', '"', '\\', '*', ' ', '\t', '0.5', ';q=0', 'é');
  const field = fc.array(fc.oneof(parts, fc.string()), { maxLength: 60 }).map(list => list.join(''));
  const eachField = fc.property(field, text => ['en', 'de'].includes(languageOf(text) ?? ''));
  t.doesNotThrow(() => fc.assert(eachField, { numRuns: 500 }));
  t.equal(languageOf(`${',x'.repeat(15_000)},de`), 'en', 'what no browser sends is not read to its end');
});
