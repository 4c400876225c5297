import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Recorder } from '../recorder.ts';
import { createFactGauges, type MetricFacts } from './facts.ts';
import { createMetricsRecorder } from './recorder.ts';

/** The metrics of a process, in a registry of their own. */
export interface Metrics {
  readonly recorder: Recorder;
  /**
   * What `/metrics` shows from now on: facts of this gateway, and of the process as prom-client knows it.
   * @returns the text in Prometheus' exposition format, as it is whenever it is called
   */
  expose(facts: MetricFacts): () => Promise<Exposition>;
}

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** @returns metrics that nobody sees before they are exposed, once */
export function createMetrics(): Metrics {
  const registry = new Registry();
  return {
    recorder: createMetricsRecorder(registry),
    expose(facts) {
      const look = createFactGauges(registry, facts);
      collectDefaultMetrics({ register: registry });
      return async () => {
        look();
        return { contentType: registry.contentType, text: await registry.metrics() };
      };
    },
  };
}
