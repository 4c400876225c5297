import fc from 'fast-check';
import t from 'tap';
import { isMisplaced, normalise } from '../../src/portals/index.ts';

/** Pieces that matter to a parser of paths, and some that do not. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      '/',
      '//',
      '.',
      '..',
      '/../',
      '/./',
      ';',
      '::',
      '(S(',
      '%',
      '%2',
      '%25',
      '%2e',
      '%2E',
      '%2f',
      '%5C',
      '%00',
      '%20',
      '%41',
    ],
    ...[
      '%c3%a9',
      '%c0',
      '%ae',
      '%E2%84%AA',
      '%252e',
      '%25%32%65',
      '%25u002e',
      'u002e',
      '2e',
      '%3b',
      '%3A',
      '\\',
      '#',
      ' ',
      '?',
      '~',
    ],
  ),
  fc.string({ minLength: 1, maxLength: 3 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }),
);
const target = fc.array(piece, { maxLength: 12 }).map(pieces => `/${pieces.join('')}`);
/** Targets that mostly have a normal form. */
const plausible = fc
  .array(fc.constantFrom('/', 'a', 'B', '..', '.', '%41', '%20c', '%25', '%c3%a9', 'x;y', ':', '?'), { maxLength: 12 })
  .map(pieces => `/${pieces.join('')}`);
const any = fc.oneof(target, plausible);

const options = { numRuns: 5_000 };

function property(name: string, check: (path: string, query: string, key: string, raw: string) => void): void {
  t.test(name, async () => {
    let found = 0;
    fc.assert(
      fc.property(any, raw => {
        const normal = normalise(raw);
        if (isMisplaced(normal)) return;
        found += 1;
        check(normal.path, normal.query, normal.key, raw);
      }),
      options,
    );
    if (found < 500) throw new Error(`only ${found} targets had a normal form`);
  });
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

property('what is forwarded normalises to itself', (path, query, key) => {
  const again = normalise(path + query);
  demand(!isMisplaced(again) && again.path === path && again.query === query && again.key === key, 'not idempotent');
});

property('what is forwarded is an origin-form path without anything to resolve', path => {
  demand(/^\/[\x21-\x7e]*$/.test(path), 'other characters');
  demand(!path.includes('//') && !/[\\#?]/.test(path), 'slashes, backslash, fragment or query');
  demand(!/%(?:2f|5c|0[0-9a-f]|1[0-9a-f]|7f|2e)/i.test(path), 'encoded separators, controls or dots');
  demand(
    path.split('/').every(segment => !/[. ]$/.test(segment)),
    'dot segments',
  );
});

property('what rules match is the decoded form of what is forwarded', (path, _query, key) => {
  const decoded = decodeURIComponent(path).replace(/[A-Z]/g, letter => letter.toLowerCase());
  demand(key === (decoded.length > 1 ? decoded.replace(/\/$/, '') : decoded), 'another key');
});

property('decoding once more brings forth nothing to resolve', (path, _query, key) => {
  const twice = key.replace(/%(?:u00)?([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  demand(twice.split('/').length === key.split('/').length && !twice.includes('\\'), 'another number of segments');
  demand(!twice.split('/').some(segment => segment === '..' || segment === '.'), 'dot segments');
  demand(path.startsWith('/'), 'no path');
});

property('the query is the rest of the target, byte for byte', (_path, query, _key, raw) => {
  const at = raw.indexOf('?');
  demand(query === (at === -1 ? '' : raw.slice(at)), 'another query');
});

property('letter case makes no difference to what rules match', (path, _query, key) => {
  for (const other of [path.toUpperCase(), path.toLowerCase()]) {
    const again = normalise(other);
    demand(!isMisplaced(again) && again.key === key, 'another key');
  }
});

t.test('no text whatever makes it throw', async () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), any), fc.string(), (raw, name) => {
      normalise(raw, [name]);
    }),
    options,
  );
});
