import { type Definition, definitions, seriesOf } from '../../src/ops/metrics/definitions.ts';

/** The labels of each series of the gateway. */
const labelsOf: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values<Definition>(definitions).flatMap(definition =>
    seriesOf(definition).map(series => [series, [...definition.labels, ...(series.endsWith('_bucket') ? ['le'] : [])]]),
  ),
);

/** What Prometheus itself knows of whom it asked. */
const TARGET = ['namespace', 'job', 'pod'];

/** Labels whose values the code names, and these. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  outcome: ['own', 'forward', 'identity', 'sign-in', 'refuse'],
  code: ['1xx', '2xx', '3xx', '4xx', '5xx'],
  result: ['success', 'failure', 'ended'],
  source: ['settings', 'csp'],
};

/** Every series that an alert or a panel may ask for. */
export const series: ReadonlySet<string> = new Set(labelsOf.keys());

/** The series of the gateway that an expression of Prometheus names. */
export function seriesIn(expression: string): readonly string[] {
  // What stands in quotes is the value of a label.
  return expression.replace(/"[^"]*"/g, '""').match(/\bhalogate_\w+/g) ?? [];
}

/** What an expression asks for that the gateway does not have: series, labels, values of labels. */
export function missingIn(expression: string): readonly string[] {
  const known = new Set([...TARGET, ...seriesIn(expression).flatMap(name => labelsOf.get(name) ?? [])]);
  const selectors = [...expression.matchAll(/\b(halogate_\w+)(?:\{([^}]*)\})?/g)].flatMap(
    ([, name = '', matchers = '']) => missingOf(name, matchers),
  );
  const groups = [...expression.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g)]
    .flatMap(([, names = '']) => names.split(','))
    .map(name => name.trim())
    .filter(name => name !== '' && !known.has(name));
  return [...selectors, ...groups];
}

function missingOf(name: string, matchers: string): readonly string[] {
  const labels = labelsOf.get(name);
  if (!labels) return [name];
  return [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)].flatMap(([, label = '', value = '']) => {
    if (!TARGET.includes(label) && !labels.includes(label)) return [`${name}{${label}}`];
    const values = VALUES[label];
    if (!values || value.startsWith('$')) return [];
    return value.split('|').filter(each => !values.includes(each));
  });
}
