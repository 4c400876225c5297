import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { findingCodes } from '../../src/config/codes.ts';
import { RETRY } from '../../src/pages/failures.ts';
import * as gatewayErrors from '../../src/pages/gateway-errors.ts';
import { en } from '../../src/pages/texts/en.ts';
import { readPage, root } from '../support/docs.ts';

const { prose } = readPage('docs/errors.md');

/** The part of the page below a heading of the second level. */
function part(title: string): string {
  return prose.split(/^## /m).find(text => text.startsWith(`${title}\n`)) ?? '';
}

interface Entry {
  readonly status: string;
  readonly sees: string;
}

/** The entries of a part by their code; each says what is answered, what it means and what to do. */
function entriesOf(title: string): ReadonlyMap<string, Entry> {
  const entries = part(title).split(/^### /m).slice(1);
  return new Map(
    entries.map(text => {
      const found =
        /^([A-Z0-9_]+)\n\n- \*\*Answer\*\*: ([\d, ]+), “(.+)”\n- \*\*Means\*\*: .+\n- \*\*Do\*\*: .+\n*$/.exec(text);
      if (!found) throw new Error(`An entry of another form: ${text.slice(0, 60)}`);
      const [, code = '', status = '', sees = ''] = found;
      return [code, { status, sees }];
    }),
  );
}

function rowsOf(title: string): readonly (readonly string[])[] {
  return rowsIn(part(title));
}

/** The rows of tables whose first column is a code; the others are padded. */
function rowsIn(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/^\| `([A-Z0-9_]+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(row => row.slice(1));
}

/** The codes that are written out in a folder's files. */
function writtenIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder))
    .filter(file => file.endsWith('.ts'))
    .flatMap(file => [...readFileSync(join(root, folder, file), 'utf8').matchAll(/'([A-Z]+(?:_[A-Z0-9]+)+)'/g)])
    .map(([, code = '']) => code);
}

t.test('every failed sign-in has an entry, with its status and the heading that people see', async t => {
  const entries = entriesOf('Sign-in');
  t.same([...entries.keys()].sort(), Object.keys(RETRY).sort());
  const source = readFileSync(join(root, 'src/signin/failure.ts'), 'utf8');
  const statuses = new Map(
    [...source.matchAll(/^ {2}([A-Z0-9_]+): (\d{3}),$/gm)].map(([, code, status]) => [code, status]),
  );
  t.equal(statuses.size, entries.size);
  for (const [code, { status, sees }] of entries) {
    t.equal(status, statuses.get(code), code);
    t.equal(sees, Reflect.get(en.signInFailed, code)[0], code);
  }
});

t.test('everything else that is answered with a code has an entry', async t => {
  const signIn = new Set(Object.keys(RETRY));
  const codes = new Set([...writtenIn('src/pages'), 'SIGN_IN_REQUIRED'].filter(code => !signIn.has(code)));
  t.same([...entriesOf('Requests').keys()].sort(), [...codes].sort());
});

t.test('what people see there is the heading of the page', async t => {
  const entries = entriesOf('Requests');
  const contents = Object.entries(gatewayErrors).map(([, make]) => make({ signInHref: '/' }));
  t.ok(contents.length > 10);
  for (const { code, say } of contents) t.equal(entries.get(code)?.sees, say(en).heading, code);
  t.equal(entries.get('SIGN_IN_REQUIRED')?.sees, en.signInRequired[0]);
  t.equal(entries.get('SIGNED_OUT')?.sees, en.signedOut[0]);
  t.equal(entries.get('NOT_ADMITTED')?.sees, en.notAdmitted.heading);
});

t.test('every failure of Graph has a row', async t => {
  const source = readFileSync(join(root, 'src/signin/graph.ts'), 'utf8');
  const failures = [...source.matchAll(/^ {2}\| '([A-Z0-9_]+)'/gm)].map(([, code]) => code);
  t.ok(failures.length > 4);
  t.same(
    rowsOf('Microsoft Graph').map(([code]) => code),
    failures,
  );
});

t.test('every finding of the settings has a row that says what the code says', async t => {
  const text = part('Settings');
  const [errors = '', warnings = ''] = text.split('### Warnings');
  for (const [severity, half] of Object.entries({ error: errors, warning: warnings })) {
    const rows = rowsIn(half).map(([code, meaning]) => [code, meaning]);
    const expected = Object.entries(findingCodes)
      .filter(([, finding]) => finding.severity === severity)
      .map(([code, { meaning }]) => [code, meaning]);
    t.same(rows, expected, severity);
  }
});
