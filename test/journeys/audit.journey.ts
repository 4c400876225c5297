import { readFileSync } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { CLIENT, HOME } from '../../demo/entra/index.ts';
import { AUDIT_MARK, type AuditLine, readAuditLine } from '../support/audit.ts';
import { findingsOf, sound } from '../support/settings.ts';
import { startTraffic } from '../support/traffic.ts';
import { SESSION_SECRET } from '../support/world.ts';

/** How long an event may take to be written, in milliseconds: generous. */
const TIMEOUT = 20_000;

type Given = Partial<Record<'action' | 'outcome' | 'reason' | 'ip', string>>;

/** The gateway with an audit log in a file of its own; every line of it is checked by the schema. */
async function started(t: Test) {
  const file = join(t.testdir({}), 'audit.ndjson');
  const traffic = await startTraffic(t, { audit: { file } });

  function events(): readonly AuditLine[] {
    // A line that is being written is not one yet.
    const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return whole.map(readAuditLine);
  }

  function matching(given: Given): readonly AuditLine[] {
    return events().filter(
      ({ event, source }) =>
        (['action', 'outcome', 'reason'] as const).every(
          key => given[key] === undefined || event[key] === given[key],
        ) &&
        (given.ip === undefined || source?.ip === given.ip),
    );
  }

  /** The one event of a kind, once it is there. */
  async function only(given: Given): Promise<AuditLine | undefined> {
    for (const deadline = Date.now() + TIMEOUT; Date.now() < deadline; await sleep(20)) {
      const [first, ...others] = matching(given);
      if (first && others.length === 0) return first;
      if (others.length > 0) throw new Error(`Several events: ${JSON.stringify(given)}`);
    }
    throw new Error(`No event: ${JSON.stringify(given)}`);
  }

  return { ...traffic, file, events, matching, only };
}

t.test('the audit log', async t => {
  const world = await started(t);
  const { client, entra, gateway, only, matching, file } = world;
  const agnes = `${HOME.id}.${entra.people.agnes.oids[HOME.id]}`;

  await t.test('tells who signed in, where from and through what', async t => {
    await client('192.0.2.1').signIn('agnes');
    const event = await only({ action: 'sign-in', ip: '192.0.2.1' });
    t.match(event, {
      event: { outcome: 'success' },
      user: { id: agnes },
      organization: { id: HOME.id },
      http: { request: { id: /^[0-9a-f-]{36}$/ } },
      halogate: { connection: 'default', portal: 'agents', session: { hash: String } },
    });
    t.equal(
      (await gateway.logged([event?.http?.request.id ?? 'none', 'azureresponse'])).length,
      1,
      'as the log has it',
    );
  });

  await t.test('tells who could not sign in, and why', async t => {
    await client('192.0.2.2').signIn('cancel');
    t.match(await only({ reason: 'SIGN_IN_CANCELLED' }), {
      event: { action: 'sign-in', outcome: 'failure' },
      source: { ip: '192.0.2.2' },
    });
  });

  await t.test('tells once whom a portal did not admit', async t => {
    const user = client('192.0.2.3');
    await user.signIn('ulrich');
    for (let times = 0; times < 3; times += 1) t.equal((await user.ask('/ticket')).status, 403);
    const refusal = await only({ reason: 'NOT_ADMITTED' });
    t.match(refusal, { event: { action: 'refusal', outcome: 'failure' }, halogate: { portal: 'agents' } });
    const signIn = await only({ action: 'sign-in', ip: '192.0.2.3' });
    t.equal(refusal?.halogate?.session?.hash, signIn?.halogate?.session?.hash, 'of the session that was signed in');
  });

  await t.test('tells of each password that was refused, and of each that an emergency lets pass', async t => {
    const stranger = client('192.0.2.4');
    for (let times = 0; times < 2; times += 1) t.equal(await world.tryPassword(stranger), 403);
    while (matching({ reason: 'NATIVE_SIGN_IN_REFUSED', ip: '192.0.2.4' }).length < 2) await sleep(20);
    await world.tryPassword(client(world.emergencyAddress));
    t.match(await only({ action: 'emergency-use' }), {
      event: { outcome: 'success' },
      source: { ip: world.emergencyAddress },
      halogate: { portal: 'agents' },
    });
  });

  await t.test('tells who signed out, and how', async t => {
    await world.signOutInEveryWay();
    for (const [reason, ip] of [
      ['person', '192.0.2.21'],
      ['halo', '192.0.2.22'],
      ['front-channel', '192.0.2.24'],
      ['back-channel', '192.0.2.26'],
    ] as const) {
      t.match(await only({ action: 'sign-out', reason }), { event: { outcome: 'success' }, source: { ip } }, reason);
    }
    const out = await only({ action: 'sign-out', reason: 'person' });
    const into = await only({ action: 'sign-in', ip: '192.0.2.21' });
    t.equal(out?.user?.id, agnes);
    t.equal(out?.halogate?.session?.hash, into?.halogate?.session?.hash);
  });

  await t.test('tells whose session the provider ended', async t => {
    const person = client('192.0.2.5');
    await person.signIn('agnes');
    entra.revoke('agnes');
    while ((await person.ask('/ticket')).status === 200);
    const event = await only({ action: 'revocation' });
    t.match(event, { event: { outcome: 'success', reason: 'CODE_REJECTED' }, halogate: { connection: 'default' } });
    t.equal(event?.source, undefined, 'nobody asked for it');
  });

  await t.test('tells of settings that were loaded again', async t => {
    gateway.process.kill('SIGHUP');
    const { configHash } = (await (await fetch(`${gateway.opsUrl}/status`)).json()) as { configHash: string };
    t.match(await only({ action: 'reload' }), {
      event: { outcome: 'success' },
      halogate: { config: { hash: configHash } },
    });
  });

  await t.test('is a file that nobody else reads, and can be moved away', async t => {
    t.equal((await stat(file)).mode & 0o777, 0o600);
    const before = await readFile(file, 'utf8');
    await rename(file, `${file}.1`);
    await client('192.0.2.6').signIn('agnes');
    await until(() => readFile(file, 'utf8').then(text => text.includes('192.0.2.6')));
    t.equal(await readFile(`${file}.1`, 'utf8'), before, 'and what was moved away stays as it is');
    await rename(file, `${file}.2`);
    gateway.process.kill('SIGHUP');
    await until(() =>
      stat(file).then(
        () => true,
        () => false,
      ),
    );
    t.pass('a signal opens it again');
  });

  await t.test('that cannot be written stops nobody, and is said and counted', async t => {
    await rename(file, `${file}.3`);
    const folder = join(file, '..');
    await rename(folder, `${folder}-away`);
    t.teardown(() => rename(`${folder}-away`, folder).catch(() => undefined));
    t.equal((await client('192.0.2.7').signIn('agnes')).status, 200);
    await gateway.logged(['the audit log cannot be written']);
    t.match(await (await fetch(`${gateway.opsUrl}/metrics`)).text(), /^halogate_audit_write_errors_total [1-9]/m);
    await rename(`${folder}-away`, folder);
    await until(() =>
      readFile(file, 'utf8').then(
        text => text.includes('192.0.2.7'),
        () => false,
      ),
    );
    t.pass('what waited is written');
  });

  await t.test('holds no secret, and the log has none of its events', async t => {
    const all = await Promise.all(['', '.1', '.2', '.3'].map(end => readFile(file + end, 'utf8')));
    for (const secret of [SESSION_SECRET, CLIENT.secret, 'of-agnes', 'code=', 'state=', 'agnes@']) {
      t.notOk(all.join('').includes(secret), secret);
    }
    t.equal(gateway.logs().filter(line => line.includes(AUDIT_MARK)).length, 0);
  });
});

t.test('without a file, events stand beside the log and are told apart by their mark', async t => {
  const { client, gateway } = await startTraffic(t);
  await client('192.0.2.1').signIn('agnes');
  const [line = ''] = await gateway.logged([AUDIT_MARK, '"sign-in"']);
  t.match(readAuditLine(line), { event: { action: 'sign-in', outcome: 'success' } });
});

t.test('settings that name a place where no file can be are refused', async t => {
  const folder = t.testdir({ there: {} });
  await writeFile(join(folder, 'file'), '');
  const findings = async (file: string) =>
    (await findingsOf(`${sound}audit: {file: ${join(folder, file)}}\n`)).map(({ code }) => code);
  t.same(await findings('nowhere/audit.ndjson'), ['FILE_UNWRITABLE']);
  t.same(await findings('there'), ['FILE_UNWRITABLE'], 'a directory');
  t.same(await findings('file/audit.ndjson'), ['FILE_UNWRITABLE'], 'below a file');
  t.same(await findings('there/audit.ndjson'), []);
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + TIMEOUT; !(await condition().catch(() => false)); await sleep(20)) {
    if (Date.now() > deadline) throw new Error('It did not come.');
  }
}
