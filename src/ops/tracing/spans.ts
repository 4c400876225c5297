import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { Tracing } from './tracing.ts';

/** The methods of HTTP that have names; others are strangers' words (OpenTelemetry, "HTTP spans"). */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'];
const NO_FIELDS: readonly string[] = [];

/** A request that is being carried. */
interface Traced {
  readonly span: Span;
  /** The context of what is done for the request. */
  readonly context: Context;
  readonly method: string;
  /** What Halo is asked, until it has answered. */
  upstream: Span | undefined;
}

/**
 * Makes spans of what is recorded: one for a request, and below it one for each thing that was waited for. They hold names of the
 * settings and the code, statuses and times: no path, query, header, address or person. What no request waits for is not recorded.
 * @param tracer makes them
 */
export function createSpans(tracer: Tracer): Omit<Tracing, 'close'> {
  const current = new AsyncLocalStorage<Traced>();
  const propagator = new W3CTraceContextPropagator();

  /** Something that has been waited for until now. */
  function waited(name: string, seconds: number, attributes: Attributes, failure: string | undefined): void {
    const request = current.getStore();
    if (!request) return;
    const startTime = Date.now() - seconds * 1000;
    const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime, attributes }, request.context);
    end(span, failure);
  }

  function parentOf({ headers }: IncomingMessage): Context {
    return propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  }

  return {
    trace: (carry, isTrusted) => {
      return (request, ...rest) => {
        const method = METHODS.includes(request.method ?? '') ? String(request.method) : '_OTHER';
        const parent = isTrusted(request) ? parentOf(request) : ROOT_CONTEXT;
        const name = method === '_OTHER' ? 'HTTP' : method;
        const attributes = { 'http.request.method': method };
        const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
        const traced = { span, context: trace.setSpan(parent, span), method, upstream: undefined };
        return current.run(traced, () => carry(request, ...rest));
      };
    },
    recorder: {
      requestStarted(requestId) {
        current.getStore()?.span.setAttribute('halogate.request.id', requestId);
      },
      requestEnded(decision, status) {
        const request = current.getStore();
        if (!request) return;
        // The client has left before Halo answered.
        request.upstream?.end();
        request.span.setAttributes({
          'http.response.status_code': status,
          'halogate.portal': decision?.portal.name ?? '',
          'halogate.outcome': decision?.outcome ?? 'refuse',
          ...(decision ? { 'halogate.rule': decision.rule } : {}),
        });
        end(request.span, status >= 500 ? String(status) : undefined);
      },
      upstreamAsked() {
        const request = current.getStore();
        if (!request) return NO_FIELDS;
        const attributes = { 'http.request.method': request.method };
        const span = tracer.startSpan('upstream', { kind: SpanKind.CLIENT, attributes }, request.context);
        request.upstream = span;
        const fields: Record<string, string> = {};
        propagator.inject(trace.setSpan(request.context, span), fields, defaultTextMapSetter);
        return Object.entries(fields).flat();
      },
      upstreamAnswered(portal, seconds, status, failure) {
        const request = current.getStore();
        if (!request?.upstream) return;
        request.upstream.setAttributes({
          'halogate.portal': portal,
          'halogate.upstream.wait': seconds,
          ...(status === undefined ? {} : { 'http.response.status_code': status }),
        });
        end(request.upstream, failure);
        request.upstream = undefined;
      },
      providerAnswered(connection, endpoint, seconds, failure) {
        waited(`provider ${endpoint}`, seconds, { 'halogate.connection': connection }, failure);
      },
      storeAnswered(operation, seconds, failed) {
        waited(`store ${operation}`, seconds, { 'db.operation.name': operation }, failed ? 'unreachable' : undefined);
      },
    },
  };
}

function end(span: Span, failure: string | undefined): void {
  if (failure !== undefined) {
    span.setAttribute('error.type', failure);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
