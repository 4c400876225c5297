import t from 'tap';
import { decodeRecord, decodeTokens, encodeRecord, encodeTokens } from '../../src/sessions/record.ts';
import { ADA, TOKENS } from './fixtures.ts';

const record = {
  person: ADA,
  connection: 'default',
  created: 1,
  expires: 2,
  refreshed: 1,
  refreshable: true,
  sid: 's',
  loginHint: 'l',
};

t.test('a record comes back as it was written', async t => {
  const { sid: _, loginHint: __, ...least } = record;
  for (const one of [record, least]) t.strictSame(decodeRecord(encodeRecord(one)), one);
  const odd = { ...record, person: { ...ADA, name: '\u0000"\\\u2028Ådä 😀', groups: [], guest: true } };
  t.strictSame(decodeRecord(encodeRecord(odd)), odd);
});

t.test('tokens come back as they were written', async t => {
  for (const one of [TOKENS, { idToken: 'i' }, { idToken: 'i', refreshToken: 'r' }]) {
    t.strictSame(decodeTokens(encodeTokens(one)), one);
  }
});

t.test('a record of another version or shape is none', async t => {
  const fields = JSON.parse(encodeRecord(record).toString());
  const person = fields[8];
  const wrong = [
    ...[0, 2, '1', null].map(version => fields.with(0, version)),
    ...fields.map((_: unknown, at: number) => fields.with(at, {})),
    ...person.map((_: unknown, at: number) => fields.with(8, person.with(at, 7))),
    ...[...fields.keys()].map(length => fields.slice(0, length)),
    ...[...person.keys()].map(length => fields.with(8, person.slice(0, length))),
    [...fields, 'more'],
    fields.with(8, [...person, 'more']),
    fields.with(8, person.with(0, '')),
    fields.with(8, person.with(6, ['group', 7])),
    fields.with(8, person.with(8, 'false')),
    fields.with(2, -1),
    fields.with(2, 1.5),
    fields.with(3, '2'),
    fields.with(4, -1),
    fields.with(5, 'true'),
    { ...fields },
    null,
    'text',
  ];
  t.ok(decodeRecord(Buffer.from(JSON.stringify(fields))));
  for (const one of wrong) {
    const text = JSON.stringify(one);
    t.equal(decodeRecord(Buffer.from(text)), undefined, text);
  }
  for (const text of ['', '[', '[1', '\xff']) t.equal(decodeRecord(Buffer.from(text)), undefined);
});

t.test('tokens of another version or shape are none', async t => {
  for (const one of [[2, 'i', null], [1, 'i'], [1, null, null], [1, 'i', 1], [1, 'i', {}], [1, 'i', null, null], {}]) {
    t.equal(decodeTokens(Buffer.from(JSON.stringify(one))), undefined);
  }
  t.equal(decodeTokens(Buffer.from('rubbish')), undefined);
});
