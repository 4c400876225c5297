import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { stringify } from 'yaml';
import { root } from '../../scripts/run.ts';
import { chart, NAMESPACE, RELEASE, render } from './helm.ts';
import { missingIn, series, seriesIn } from './metric-names.ts';
import { find, has } from './objects.ts';
import { change, full, sound } from './values.ts';

const run = promisify(execFile);
const JOB = `${RELEASE}-halogate-ops`;

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook_url?: string };
}

interface Groups {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

async function groupsOf(values: typeof sound): Promise<Groups> {
  return find<Groups>(await render(values), 'PrometheusRule').spec;
}

const everything = await groupsOf(change(sound, 'prometheusRule', { enabled: true }));
const rules = everything.groups.flatMap(group => group.rules);

/** Writes the rules and what they are held against, and has promtool look at them. */
async function promtool(t: Pick<Test, 'testdir'>, rules: Groups, tests?: object): Promise<string> {
  const directory = t.testdir({});
  await writeFile(join(directory, 'rules.yaml'), stringify(rules));
  if (tests) await writeFile(join(directory, 'tests.yaml'), stringify({ rule_files: ['rules.yaml'], ...tests }));
  const args = tests ? ['test', 'rules', 'tests.yaml'] : ['check', 'rules', 'rules.yaml'];
  const program = process.env.PROMTOOL;
  if (program === undefined) throw new Error('PROMTOOL is not set: run these by `npm test -- test/chart/*.chart.ts`.');
  const { stdout } = await run(program, args, { cwd: directory });
  return stdout;
}

t.test('a ServiceMonitor finds the ops Service, and it alone', async t => {
  const objects = await render(full);
  const { metadata, spec } = find<{ selector: { matchLabels: Record<string, string> }; endpoints: object[] }>(
    objects,
    'ServiceMonitor',
  );
  const services = objects.filter(({ kind }) => kind === 'Service');
  const found = services.filter(service =>
    Object.entries(spec.selector.matchLabels).every(([key, value]) => service.metadata.labels?.[key] === value),
  );
  t.same(
    found.map(service => service.metadata.name),
    [JOB],
  );
  t.match(spec.endpoints, [{ port: 'ops', path: '/metrics', interval: '15s' }]);
  t.equal(metadata.labels?.release, 'prometheus');
  for (const kind of ['ServiceMonitor', 'PrometheusRule']) t.notOk(has(await render(sound), kind), kind);
});

t.test('Prometheus understands every alert', async t => {
  t.match(await promtool(t, everything), new RegExp(`SUCCESS: ${rules.length} rules found`));
  t.match(await promtool(t, await groupsOf(full)), /SUCCESS/);
});

t.test('alerts ask for metrics that there are, of this release alone', async t => {
  for (const { alert, expr } of rules) {
    const asked = seriesIn(expr);
    t.ok(asked.length > 0, alert);
    t.same(missingIn(expr), [], alert);
    t.equal(expr.split(`{namespace="${NAMESPACE}",job="${JOB}"`).length - 1, asked.length, alert);
  }
});

t.test('every alert says what is wrong and how bad it is, and has its section in the runbook', async t => {
  const runbook = await readFile(join(root, 'docs', 'alerts.md'), 'utf8');
  const sections = [...runbook.matchAll(/^## (Halogate\w+)$/gm)].map(match => match[1]);
  t.same(rules.map(({ alert }) => alert).sort(), sections.sort());
  for (const { alert, labels, annotations } of rules) {
    t.match(labels.severity, /^(critical|warning)$/, alert);
    t.match(annotations.summary, /^\S.{15,}\.$/, alert);
  }
});

t.test('values choose alerts, their objective, their runbook, and add some', async t => {
  const { groups } = await groupsOf(full);
  t.same(
    groups.map(({ name }) => name),
    ['halogate', 'own'],
  );
  const alerts = groups[0]?.rules ?? [];
  t.equal(alerts.length, rules.length - 1);
  t.notOk(alerts.some(({ alert }) => alert === 'HalogateStoreSlow'));
  t.match(alerts[0], {
    alert: 'HalogateErrorBudgetFastBurn',
    expr: /> 0\.072000\b/,
    annotations: { runbook_url: 'https://runbooks.example.com/halogate#halogateerrorbudgetfastburn' },
  });
});

const target = `namespace="${NAMESPACE}",job="${JOB}"`;

/** A minute apart, for as long as the longest window. */
const cases: readonly {
  readonly alert: string;
  readonly when: string;
  readonly series: object[];
  readonly labels: object;
}[] = [
  {
    alert: 'HalogateReloadFailed',
    when: '10m',
    series: [{ series: `halogate_config_last_reload_successful{${target},pod="a"}`, values: '0x20' }],
    labels: { pod: 'a' },
  },
  {
    alert: 'HalogateSettingsDiffer',
    when: '20m',
    series: ['a', 'b'].map(pod => ({
      series: `halogate_config_info{${target},pod="${pod}",hash="${pod}"}`,
      values: '1x30',
    })),
    labels: {},
  },
  {
    alert: 'HalogateUpstreamErrors',
    when: '20m',
    series: [
      { series: `halogate_upstream_errors_total{${target},portal="agents",reason="timeout"}`, values: '0+10x30' },
      {
        series: `halogate_http_requests_total{${target},portal="agents",outcome="identity",code="2xx"}`,
        values: '0+90x30',
      },
    ],
    labels: { portal: 'agents' },
  },
  { alert: 'HalogateAbsent', when: '10m', series: [], labels: { namespace: NAMESPACE, job: JOB } },
  {
    alert: 'HalogateSignInMisconfigured',
    when: '10m',
    series: [
      {
        series: `halogate_sign_ins_total{${target},connection="default",result="failure",reason="SIGN_IN_MISCONFIGURED"}`,
        values: '0x3 1 2x20',
      },
    ],
    labels: { connection: 'default' },
  },
  {
    alert: 'HalogateCredentialExpires',
    when: '90m',
    series: [
      { series: `halogate_credential_expiry_timestamp_seconds{${target},connection="default"}`, values: '1000000x120' },
    ],
    labels: { connection: 'default' },
  },
  {
    alert: 'HalogateCustomersStale',
    when: '28h',
    series: [{ series: `halogate_tenants_read_timestamp_seconds{${target},connection="partners"}`, values: '0x2000' }],
    labels: { connection: 'partners' },
  },
  {
    alert: 'HalogateAuditFails',
    when: '10m',
    series: [{ series: `halogate_audit_write_errors_total{${target},pod="a"}`, values: '0+60x20' }],
    labels: { namespace: NAMESPACE, job: JOB, pod: 'a' },
  },
];

for (const { alert, when, series, labels } of cases) {
  t.test(`${alert} fires`, async t => {
    const rule = rules.find(rule => rule.alert === alert);
    const summary = rule?.annotations.summary.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name) =>
      String(Reflect.get(labels, name)),
    );
    const firing = { exp_labels: { severity: rule?.labels.severity, ...labels }, exp_annotations: { summary } };
    const tests = {
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: series,
          alert_rule_test: [{ eval_time: when, alertname: alert, exp_alerts: [firing] }],
        },
      ],
    };
    t.match(await promtool(t, everything, tests), /SUCCESS/);
  });
}

t.test('settings that spread within minutes of one another are no alert', async t => {
  const info = (pod: string, hash: string, values: string) => ({
    series: `halogate_config_info{${target},pod="${pod}",hash="${hash}"}`,
    values,
  });
  const spreading = [
    info('a', 'old', '1x5 _x30'),
    info('a', 'new', '_x5 1x30'),
    info('b', 'old', '1x8 _x30'),
    info('b', 'new', '_x8 1x30'),
  ];
  const quiet = ['6m', '10m', '20m'].map(eval_time => ({
    eval_time,
    alertname: 'HalogateSettingsDiffer',
    exp_alerts: [],
  }));
  const tests = {
    evaluation_interval: '1m',
    tests: [{ interval: '1m', input_series: spreading, alert_rule_test: quiet }],
  };
  t.match(await promtool(t, everything, tests), /SUCCESS/);
});

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
  readonly gridPos: { readonly x: number; readonly w: number };
}

t.test('the dashboard is handed to Grafana as it is, and asks for metrics that there are', async t => {
  const configMap = find<never>(await render(full), 'ConfigMap', '-dashboard');
  t.match(configMap.metadata, { labels: { grafana_dashboard: '1' }, annotations: { folder: 'Gateways' } });
  const { 'halogate.json': text = '' } = (configMap as unknown as { data: Record<string, string> }).data;
  const dashboard = JSON.parse(text) as { panels: Panel[]; templating: { list: { query: unknown }[] } };
  t.same(dashboard, JSON.parse(await readFile(join(chart, 'dashboards', 'halogate.json'), 'utf8')));
  const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  for (const expression of expressions) t.same(missingIn(expression), [], expression);
  t.same(
    seriesIn(JSON.stringify(dashboard.templating).replaceAll('"', ' ')).filter(name => !series.has(name)),
    [],
  );
  const known = expressions.map(expr => expr.replaceAll('$__rate_interval', '5m'));
  const asRules = {
    groups: [{ name: 'panels', rules: known.map((expr, index) => ({ record: `panel:${index}`, expr })) }],
  };
  t.match(await promtool(t, asRules as unknown as Groups), /SUCCESS/, 'Prometheus understands every panel');
});
