import t from 'tap';
import { createAudit } from '../../src/ops/audit/audit.ts';
import type { AuditEvent } from '../../src/ops/index.ts';
import { type AuditLine, faultsOf, readAuditLine } from '../support/audit.ts';

const PERSON = 'aaaaaaaa-0000-4000-8000-00000000000a.bbbbbbbb-0000-4000-8000-00000000000b';
const TENANT = 'aaaaaaaa-0000-4000-8000-00000000000a';

/** An audit log whose clock a test moves. */
function started() {
  const lines: string[] = [];
  const counted: string[] = [];
  let time = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  const audit = createAudit({
    sink: { write: line => lines.push(line) },
    recorder: {
      signedIn: (...args) => void counted.push(`in ${args.join(' ')}`),
      signedOut: kind => void counted.push(`out ${kind}`),
    },
    now: () => time,
  });
  return {
    counted,
    lines,
    pass: (milliseconds: number) => (time += milliseconds),
    record(event: AuditEvent): AuditLine | undefined {
      const before = lines.length;
      audit.record(event);
      return lines.length > before ? readAuditLine(lines.at(-1) ?? '') : undefined;
    },
  };
}

t.test('an event is one line of names of the Elastic Common Schema', async t => {
  const { record, lines } = started();
  record({
    action: 'sign-in',
    outcome: 'success',
    person: PERSON,
    tenant: TENANT,
    connection: 'default',
    portal: 'agents',
    session: 'a-session-id',
    client: '2001:db8::7',
    requestId: 'r1',
  });
  const [line = ''] = lines;
  t.match(line, /^[^\n]+\n$/);
  const { halogate, ...ecs } = JSON.parse(line);
  t.strictSame(ecs, {
    '@timestamp': '2026-01-02T03:04:05.006Z',
    ecs: { version: '8.17.0' },
    event: {
      dataset: 'halogate.audit',
      kind: 'event',
      category: ['authentication', 'session'],
      type: ['start'],
      action: 'sign-in',
      outcome: 'success',
    },
    user: { id: PERSON },
    organization: { id: TENANT },
    source: { ip: '2001:db8::7' },
    http: { request: { id: 'r1' } },
  });
  t.match(halogate, { connection: 'default', portal: 'agents', session: { hash: /^[0-9a-f]{32}$/ } });
  t.notMatch(line, /a-session-id/, 'the session is a hash');
});

t.test('events of one session have one hash, and of another another', async t => {
  const { record } = started();
  const hashOf = (session: string, action: AuditEvent['action']) =>
    record({ action, outcome: 'success', reason: 'person', session })?.halogate?.session?.hash;
  t.equal(hashOf('one', 'sign-in'), hashOf('one', 'sign-out'));
  t.not(hashOf('one', 'sign-in'), hashOf('two', 'sign-in'));
});

t.test('every kind of event has its category and type', async t => {
  const { record } = started();
  const events: readonly [AuditEvent, category: string[], type: string][] = [
    [{ action: 'sign-in', outcome: 'failure', reason: 'TENANT_NOT_ADMITTED' }, ['authentication', 'session'], 'start'],
    [{ action: 'refusal', outcome: 'failure', reason: 'NOT_ADMITTED' }, ['authentication'], 'denied'],
    [{ action: 'sign-out', outcome: 'success', reason: 'halo' }, ['authentication', 'session'], 'end'],
    [{ action: 'revocation', outcome: 'success', reason: 'CODE_REJECTED' }, ['session'], 'end'],
    [{ action: 'emergency-use', outcome: 'success' }, ['authentication'], 'allowed'],
    [{ action: 'reload', outcome: 'success', configHash: 'a'.repeat(64) }, ['configuration'], 'change'],
  ];
  for (const [event, category, type] of events) {
    t.match(record(event), { event: { ...event, configHash: undefined, category, type: [type] } }, event.action);
  }
});

t.test('what is no address is not written as one', async t => {
  const { record } = started();
  t.equal(record({ action: 'sign-in', outcome: 'success', client: 'unknown' })?.source, undefined);
});

t.test('what waits for the store says so', async t => {
  const { record } = started();
  const event = { action: 'sign-out', outcome: 'success', reason: 'person' } as const;
  t.match(record({ ...event, deferred: true }), { halogate: { deferred: true } });
  t.equal(record({ ...event, deferred: false })?.halogate, undefined);
});

t.test('refusals of one session at one portal are told once a minute; others always', async t => {
  const { record, pass } = started();
  const refusal = { action: 'refusal', outcome: 'failure', reason: 'NOT_ADMITTED', session: 's', portal: 'a' } as const;
  t.ok(record(refusal));
  pass(59_999);
  t.notOk(record(refusal));
  t.ok(record({ ...refusal, portal: 'b' }), 'at another portal');
  t.ok(record({ ...refusal, session: 'other' }), 'of another session');
  pass(1);
  t.ok(record(refusal));
  const nobodys = { action: 'refusal', outcome: 'failure', reason: 'NATIVE_SIGN_IN_REFUSED', portal: 'a' } as const;
  t.ok(record(nobodys));
  t.ok(record(nobodys), 'a password is told of each time');
});

t.test('sign-ins and sign-outs are counted with what is told of them', async t => {
  const { record, counted } = started();
  record({ action: 'sign-in', outcome: 'success', connection: 'default', reason: 'IGNORED' });
  record({ action: 'sign-in', outcome: 'failure', reason: 'CALLBACK_INVALID' });
  record({ action: 'sign-out', outcome: 'success', reason: 'front-channel' });
  record({ action: 'sign-out', outcome: 'failure', reason: 'back-channel' });
  record({ action: 'refusal', outcome: 'failure', reason: 'NOT_ADMITTED' });
  t.same(counted, ['in default success ', 'in  failure CALLBACK_INVALID', 'out front-channel']);
});

t.test('the schema refuses what no event is', async t => {
  const { record } = started();
  const good = record({ action: 'sign-in', outcome: 'success' });
  t.same(faultsOf(good), []);
  for (const [what, bad] of Object.entries({
    'another name': { ...good, token: 'x' },
    'no time': { ...good, '@timestamp': undefined },
    'a name within a name': { ...good, user: { id: 'a', email: 'a@example.com' } },
    'another action': { ...good, event: { ...good?.event, action: 'other' } },
    'a session in the clear': { ...good, halogate: { session: { hash: 'the-session' } } },
  })) {
    t.not(faultsOf(JSON.parse(JSON.stringify(bad))).length, 0, what);
  }
});
