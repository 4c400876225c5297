import { setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { createSpans } from './spans.ts';
import type { Tracing } from './tracing.ts';

/** How often it is said that a collector does not take what it is sent, in milliseconds: it is tried every few seconds. */
const SAID_EVERY = 60_000;
/** How long a collector may take for a batch, further attempts included, in milliseconds. */
const PATIENCE = 5000;
const NAME = 'halogate';

interface CollectorOptions {
  /** An OTLP endpoint over HTTP, without a trailing slash; traces go to `/v1/traces` below it. */
  readonly endpoint: string;
  readonly version: string;
  readonly log: { warn(details: object, message: string): void };
}

/**
 * Sends traces to a collector, in the background and in batches; what it does not take is lost. Every trace that begins here is recorded;
 * of one that began elsewhere it was decided there. This module and what it imports is loaded where there is tracing alone.
 */
export function createTracing({ endpoint, version, log }: CollectorOptions): Tracing {
  let saidAt = Number.NEGATIVE_INFINITY;
  setGlobalErrorHandler(error => {
    const time = performance.now();
    if (time - saidAt < SAID_EVERY) return;
    saidAt = time;
    log.warn({ err: error }, 'traces could not be sent');
  });
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: PATIENCE });
  const provider = new TracerProvider({
    // What the environment says comes last: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES.
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': NAME, 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  return {
    ...createSpans(provider.getTracer(NAME, version)),
    close: () => provider.shutdown().catch(() => undefined),
  };
}
