import { randomBytes } from 'node:crypto';
import t, { type Test } from 'tap';
import { sessions } from '../../src/commands/sessions.ts';
import { createRedisStore } from '../../src/sessions/index.ts';
import { ADA, newSession, openSessions, personOf, TENANT } from '../sessions/fixtures.ts';
import { writeSettings } from '../support/gateway.ts';
import { startRedis, uniquePrefix } from '../support/redis.ts';
import { changed, sound } from '../support/settings.ts';

const GRACE = { ...ADA, id: `${TENANT}.99999999-8888-7777-6666-55555555555c` };
const OTHER = { ...ADA, id: 'aaaaaaaa-2222-3333-4444-555555555555.99999999-8888-7777-6666-555555555555' };
const KIM = personOf('https://id.example.com', 'kim\u001b[2J');

async function started(t: Test) {
  const redis = await startRedis(t);
  const secret = randomBytes(32);
  const keyPrefix = uniquePrefix();
  const session = { secret: secret.toString('base64'), redis: { url: redis.url, keyPrefix } };
  const file = await writeSettings(t, changed('session:', `session: ${JSON.stringify(session)}`));
  const store = openSessions(createRedisStore({ url: redis.url, keyPrefix }), { secrets: [secret] });
  t.teardown(() => store.close());
  for (const [person, connection, address] of [
    [ADA, 'default', '203.0.113.1'],
    [ADA, 'default', '203.0.113.2'],
    [GRACE, 'default', '203.0.113.3'],
    [OTHER, 'partners', '2001:db8::4'],
    [KIM, 'other', '203.0.113.5'],
  ] as const) {
    await store.create(newSession({ person, connection, address }));
  }
  const run = (action: 'list' | 'revoke', options = {}) => runOn(file, action, options);
  const addresses = async (options = {}) => {
    const listed: { address: string }[] = JSON.parse((await run('list', { ...options, json: true })).out);
    return listed.map(({ address }) => address.slice(-1)).sort();
  };
  return { redis, store, run, addresses };
}

async function runOn(config: string, action: 'list' | 'revoke', options = {}) {
  const written = { out: '', err: '' };
  const status = await sessions(
    { config, action, options },
    { out: text => (written.out += text), err: text => (written.err += text) },
  );
  return { status, ...written };
}

t.test('list prints whose sessions live, aligned, and never an id', async t => {
  const { run, store } = await started(t);
  const { status, out, err } = await run('list');
  t.strictSame([status, err], [0, '']);
  const [head = '', ...lines] = out.trimEnd().split('\n');
  t.equal(lines.length, 5);
  const column = head.indexOf('ADDRESS');
  for (const line of lines) {
    t.match(line, /^\S+ +(default|partners|other) +20\d\d-\S+Z +20\d\d-\S+Z +[0-9a-f.:]+$/);
    t.equal(line[column - 1], ' ');
    t.not(line[column], ' ');
  }
  t.notMatch(out, '\u001b', 'a subject writes no commands to a terminal');
  for await (const { id } of store.list()) t.notMatch(out, id);
});

t.test('list as JSON, of those that are meant', async t => {
  const { run, addresses } = await started(t);
  const [session] = JSON.parse((await run('list', { person: OTHER.id.toUpperCase(), json: true })).out);
  t.strictSame(Object.keys(session), ['person', 'connection', 'created', 'lastSeen', 'address']);
  t.match(session, { person: OTHER.id, connection: 'partners', address: '2001:db8::4' });
  t.strictSame(await addresses(), ['1', '2', '3', '4', '5']);
  t.strictSame(await addresses({ all: true }), ['1', '2', '3', '4', '5']);
  t.strictSame(await addresses({ tenant: TENANT.toUpperCase() }), ['1', '2', '3']);
  t.strictSame(await addresses({ connection: 'partners' }), ['4']);
  t.strictSame(await addresses({ person: KIM.id }), ['5']);
  t.equal((await run('list', { connection: 'nobody' })).out, 'No sessions.\n');
});

t.test('revoke ends those that are meant, and no others', async t => {
  const { run, addresses } = await started(t);
  t.match(await run('revoke', { person: ADA.id }), { status: 0, out: '2 sessions revoked.\n' });
  t.strictSame(await addresses(), ['3', '4', '5']);
  t.match(await run('revoke', { connection: 'other', json: true }), { status: 0, out: '{"revoked":1}\n' });
  t.strictSame(await addresses(), ['3', '4']);
  t.match(await run('revoke', { tenant: TENANT }), { out: '1 session revoked.\n' });
  t.strictSame(await addresses(), ['4']);
  t.match(await run('revoke', { all: true }), { out: '1 session revoked.\n' });
  t.match(await run('revoke', { all: true }), { status: 0, out: '0 sessions revoked.\n' });
});

t.test('revoke wants to be told whom, and once', async t => {
  await t.rejects(runOn('unread.yaml', 'revoke'), { name: 'UsageError', message: /--person ID.*--all/ });
  for (const action of ['list', 'revoke'] as const) {
    await t.rejects(runOn('unread.yaml', action, { person: ADA.id, all: true }), { message: /--person and --all/ });
  }
});

t.test('a tenant or a person that there cannot be is said to be none, before anything is asked', async t => {
  for (const action of ['list', 'revoke'] as const) {
    for (const tenant of ['contoso.com', '', TENANT.slice(1), `${TENANT}.`]) {
      await t.rejects(runOn('unread.yaml', action, { tenant }), { name: 'UsageError', message: /^--tenant / }, tenant);
    }
    const oid = ADA.id.slice(TENANT.length + 1);
    for (const person of ['agnes@example.com', '', oid, TENANT, `${ADA.id} `, 'https://id.example.com', 'kim|kim']) {
      await t.rejects(runOn('unread.yaml', action, { person }), { name: 'UsageError', message: /^--person / }, person);
    }
  }
});

t.test('a connection that is neither in the settings nor in a session is no success', async t => {
  const { run, addresses } = await started(t);
  for (const action of ['list', 'revoke'] as const) {
    const { status, out, err } = await run(action, { connection: 'defualt' });
    t.equal(status, 1);
    t.match(out, /^(0 sessions revoked|No sessions)\.\n$/);
    t.match(err, /no connection of the settings is named "defualt"/);
  }
  const struck = await run('revoke', { connection: 'partners' });
  t.match(struck, { status: 0, out: '1 session revoked.\n' });
  t.match(JSON.parse(struck.err), { event: { action: 'revocation', reason: 'operator' } }, 'without a file of its own');
  t.strictSame(await addresses(), ['1', '2', '3', '5'], 'what was struck from the settings can still be ended');
  t.match(await run('revoke', { connection: 'default' }), { status: 0, out: '3 sessions revoked.\n' });
});

t.test('bad settings, and sessions that no other process can reach', async t => {
  t.match(await runOn(await writeSettings(t, 'version: 2\n'), 'list'), {
    status: 78,
    out: '',
    err: /halogate\.yaml:1:/,
  });
  const inMemory = await runOn(await writeSettings(t, sound), 'list');
  t.match(inMemory, { status: 1, out: '', err: /in the memory of the gateway.*\n.*Restart.*"session.redis"/ });
});

t.test('a store that cannot be reached: why, and what to do, without the password', async t => {
  const redis = { url: 'redis://:s3cret@127.0.0.1:1' };
  const session = { secret: randomBytes(32).toString('base64'), redis };
  const file = await writeSettings(t, changed('session:', `session: ${JSON.stringify(session)}`));
  for (const action of ['list', 'revoke'] as const) {
    const { status, out, err } = await runOn(file, action, { person: ADA.id });
    t.strictSame([status, out], [1, '']);
    t.match(err, /cannot be reached \(ECONNREFUSED\)\.\n.*halogate doctor/);
    t.notMatch(err, 's3cret');
  }
});
