import type { FastifyBaseLogger } from 'fastify';
import { createAudit } from './audit/audit.ts';
import type { Audit } from './audit/event.ts';
import { createFileSink } from './audit/file-sink.ts';
import { type AuditSink, createStreamSink } from './audit/sink.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import type { Recorder } from './recorder.ts';
import { recordBoth, type Trace, type Tracing, untraced } from './tracing/tracing.ts';
import { readVersion } from './version.ts';

/** What a process tells of its work, from its start to its end, whichever settings it works by. */
export interface Telemetry {
  readonly recorder: Recorder;
  readonly trace: Trace;
  readonly audit: Audit;
  readonly metrics: Metrics;
  /** The audit log's file may have been moved away. */
  reopen(): void;
  /** Resolves when what is to be told has been told, or cannot be. */
  close(): Promise<void>;
}

interface TelemetryOptions {
  readonly audit: {
    /** Absolute. Left out: standard output. */
    readonly file?: string;
    /** Takes the lines in place of standard output. */
    readonly stream?: { write(line: string): unknown };
  };
  /** Left out: there are no traces. */
  readonly tracing?: { readonly endpoint: string };
  readonly log: FastifyBaseLogger;
}

export async function createTelemetry({ audit, tracing, log }: TelemetryOptions): Promise<Telemetry> {
  const metrics = createMetrics();
  const traces = tracing && (await loadTracing(tracing.endpoint, log));
  const recorder = traces ? recordBoth(metrics.recorder, traces.recorder) : metrics.recorder;
  const { file, stream } = audit;
  const sink: AuditSink = file === undefined ? createStreamSink(stream) : createFileSink(file, { recorder, log });
  return {
    recorder,
    trace: traces?.trace ?? untraced,
    audit: createAudit({ sink, recorder }),
    metrics,
    reopen: sink.reopen,
    async close() {
      await Promise.all([sink.close(), traces?.close()]);
    },
  };
}

/** OpenTelemetry is much to load for those who do not want it. */
async function loadTracing(endpoint: string, log: FastifyBaseLogger): Promise<Tracing> {
  const { createTracing } = await import('./tracing/collector.ts');
  return createTracing({ endpoint, version: readVersion(), log });
}
