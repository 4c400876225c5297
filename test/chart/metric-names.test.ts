import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { root } from '../../scripts/run.ts';
import { missingIn, seriesIn } from './metric-names.ts';

const chart = join(root, 'helm/halogate');

t.test('what the gateway does not have is found in an expression', async t => {
  t.same(missingIn('rate(halogate_nothing_total[5m])'), ['halogate_nothing_total']);
  t.same(missingIn('halogate_tenants{connection="a",portal="b"}'), ['halogate_tenants{portal}']);
  t.same(missingIn('halogate_http_requests_total{code="500"}'), ['500']);
  t.same(missingIn('halogate_http_requests_total{outcome=~"forward|login"}'), ['login']);
  t.same(missingIn('sum by (kind) (halogate_http_requests_total)'), ['kind']);
  t.same(missingIn('sum by (le, portal) (rate(halogate_upstream_request_duration_seconds_bucket{job="j"}[5m]))'), []);
});

t.test('every panel of the dashboard asks for what there is', async t => {
  const text = await readFile(join(chart, 'dashboards/halogate.json'), 'utf8');
  const expressions = [...text.matchAll(/"(?:expr|query)": "((?:[^"\\]|\\.)*)"/g)].map(([, json = '']) =>
    String(JSON.parse(`"${json}"`)),
  );
  t.ok(expressions.flatMap(seriesIn).length > 20);
  for (const expression of expressions) t.same(missingIn(expression), [], expression);
});

t.test('every alert asks for what there is', async t => {
  const template = await readFile(join(chart, 'templates/_alerts.tpl'), 'utf8');
  const text = template.replaceAll('{ {{- $pods }}', '{job="j"').replaceAll(/\{\{.*?\}\}/g, '');
  const alerts = text.split(/^- alert: /m).slice(1);
  t.ok(alerts.length > 10);
  for (const alert of alerts) {
    const [name = ''] = alert.split('\n');
    t.ok(seriesIn(alert).length > 0, name);
    t.same(missingIn(alert), [], name);
  }
});
