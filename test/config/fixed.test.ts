import t from 'tap';
import { keepFixed } from '../../src/config/fixed.ts';
import { type Config, loadSettingsText } from '../../src/config/index.ts';
import { sound } from '../support/settings.ts';

const { config } = await loadSettingsText(sound, { file: 'test.yaml' });
if (!config) throw new Error('The settings are not good.');
const plain: Config = config;
const tls = { cert: 'a certificate', key: 'a key' };
const redis = (url: string) => ({ ...plain.session, redis: { url, keyPrefix: 'halogate:' } });

t.test('what is the same waits for nothing', async t => {
  const secure = { ...plain, tls, session: redis('redis://one') };
  for (const settings of [plain, secure]) {
    t.same(keepFixed(settings, structuredClone(settings)), { config: settings, waiting: [] });
  }
});

t.test('a certificate is exchanged, TLS itself is neither begun nor ended', async t => {
  const other = { cert: 'another', key: 'another' };
  const exchanged = keepFixed({ ...plain, tls }, { ...plain, tls: other });
  t.same([exchanged.config.tls, exchanged.waiting], [other, []]);
  t.same(keepFixed(plain, { ...plain, tls }), { config: plain, waiting: ['tls'] });
  t.same(keepFixed({ ...plain, tls }, plain), { config: { ...plain, tls }, waiting: ['tls'] });
});

t.test('sessions stay where they are', async t => {
  const [one, two] = [redis('redis://one'), redis('redis://two')];
  for (const [running, next] of [
    [one, two],
    [one, plain.session],
    [plain.session, two],
  ] as const) {
    const { config, waiting } = keepFixed({ ...plain, session: running }, { ...plain, session: { ...next, idle: 1 } });
    t.same(config.session, { ...running, idle: 1 });
    t.same(waiting, ['session.redis']);
  }
});

t.test('the audit log and the traces go where they went', async t => {
  const there = { ...plain, audit: { file: '/var/log/audit.ndjson' }, tracing: { endpoint: 'http://otel:4318' } };
  t.same(keepFixed(plain, there), { config: plain, waiting: ['audit', 'tracing'] });
  t.same(keepFixed(there, plain), { config: there, waiting: ['audit', 'tracing'] });
});
