import t from 'tap';
import { readAuditLine } from '../support/audit.ts';
import { readPage } from '../support/docs.ts';

const page = readPage('docs/audit.md');

t.test('the example is an event', async t => {
  const [example] = page.blocks.filter(({ language }) => language === 'json');
  t.match(readAuditLine(example?.text ?? ''), { event: { action: 'sign-in', outcome: 'success' } });
});

t.test('every action has a row', async t => {
  for (const action of ['sign-in', 'refusal', 'sign-out', 'revocation', 'emergency-use', 'reload']) {
    t.ok(page.text.includes(`| \`${action}\` `), action);
  }
});
