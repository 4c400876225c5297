import { type Definition, definitions, labels, PREFIX } from '../../src/ops/metrics/definitions.ts';
import { table } from './table.ts';

const PREFACE = `# Metrics

Made from the code by \`npm run reference\`. They are on the ops listener at \`/metrics\`, in the text format of Prometheus, and never on the
public one. What they are good for is in [Observability](observability.md); what to do when one is alarming, in [Alerts](alerts.md).

No label holds a person, a path or an address: each has as many values as the settings and the code have names. A series is there once
something has happened that it counts. Counters begin at 0 with each start of the process. Durations are in seconds, times in seconds since
1970.
`;

const PROCESS = `## The process

Beside these there are the usual metrics of a Node.js process, as [prom-client](https://github.com/siimon/prom-client) names them:
\`process_cpu_seconds_total\`, \`process_resident_memory_bytes\`, \`process_open_fds\`, \`process_start_time_seconds\`,
\`nodejs_eventloop_lag_seconds\` and its quantiles, \`nodejs_heap_size_used_bytes\`, \`nodejs_gc_duration_seconds\` and more.
`;

/** The page of all metrics. */
export function metricsPage(): string {
  const all: readonly Definition[] = Object.values(definitions);
  return [
    PREFACE,
    `## Halogate\n\n${table(
      ['Name', 'Type', 'Labels', 'What it is'],
      all.map(({ name, type, labels, help }) => [
        `\`${PREFIX}${name}\``,
        type,
        labels.map(label => `\`${label}\``).join(', ') || '–',
        help,
      ]),
    )}`,
    `## Labels\n\n${table(
      ['Label', 'Its values'],
      Object.entries(labels).map(([name, meaning]) => [`\`${name}\``, meaning]),
    )}`,
    `## Buckets\n\n${table(
      ['Histogram', 'Upper bounds in seconds'],
      all
        .filter(({ type }) => type === 'histogram')
        .map(({ name, buckets = [] }) => [`\`${PREFIX}${name}\``, buckets.join(', ')]),
    )}`,
    PROCESS,
  ].join('\n');
}
