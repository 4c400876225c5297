import t from 'tap';
import { createLog } from '../../src/ops/index.ts';

/** What a log line says once `write` has written it. */
function lineOf(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLog('info', { write: line => lines.push(line) }));
  const [line = '{}'] = lines;
  return JSON.parse(line);
}

t.test('a line is JSON with a message, fields and a time', async t => {
  const { time, ...line } = lineOf(log => log.warn({ portal: 'agents' }, 'said'));
  t.match(line, { level: 40, portal: 'agents', msg: 'said' });
  t.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

t.test('what is below the level is left out', async t => {
  t.same(
    lineOf(log => log.debug('said')),
    {},
  );
});

t.test('an error is told with its code, its stack and its causes', async t => {
  const cause = Object.assign(new TypeError('refused'), { code: 'ECONNREFUSED' });
  const { err } = lineOf(log => log.error({ err: new Error('failed', { cause }) }, 'said'));
  t.match(err, {
    type: 'Error',
    message: 'failed',
    stack: /log\.test/,
    cause: { type: 'TypeError', message: 'refused', code: 'ECONNREFUSED' },
  });
});

t.test('causes that go round in a circle end', async t => {
  const error = new Error('round');
  error.cause = error;
  t.match(
    lineOf(log => log.error({ err: error }, 'said')),
    { err: { message: 'round' } },
  );
});

t.test('what a library hangs on its error is not told', async t => {
  const refused = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['user', 'hidden'] } });
  const wrapped = new Error('failed', { cause: Object.assign(new Error('bad answer'), { body: { token: 'hidden' } }) });
  for (const err of [refused, wrapped, 'hidden']) {
    t.notMatch(JSON.stringify(lineOf(log => log.error({ err }, 'said'))), /hidden/);
  }
});

t.test('of a request the target, the headers and the address are not told', async t => {
  const req = { method: 'GET', url: '/callback?code=hidden', headers: { cookie: 'hidden' }, ip: 'hidden' };
  const line = lineOf(log => log.info({ req }, 'said'));
  t.match(line, { req: { method: 'GET' } });
  t.notMatch(JSON.stringify(line), /hidden/);
});
