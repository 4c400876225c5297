import { listen } from '../../demo/web/index.ts';

type Tap = { teardown(end: () => unknown): void };

/** A span as a collector receives it (OTLP, JSON Protobuf encoding). */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** 2 is an error. */
  readonly status: number;
}

/** A stand-in for an OpenTelemetry collector. */
export interface Collector {
  readonly endpoint: string;
  /** What it has received, oldest first. */
  spans(): readonly ReceivedSpan[];
  /** What each sender says of itself. */
  resources(): readonly Readonly<Record<string, string | number>>[];
  /** Everything that was received, as it came. */
  raw(): string;
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number; readonly doubleValue?: number };
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ReceivedSpan, 'attributes' | 'status'> & {
        readonly attributes: readonly Attribute[];
        readonly status: { readonly code?: number };
      })[];
    }[];
  }[];
}

/** Starts one that takes `POST /v1/traces` in JSON, and refuses everything else. */
export async function startCollector(t: Tap): Promise<Collector> {
  const bodies: string[] = [];
  const listening = await listen(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const isExport = request.method === 'POST' && request.url === '/v1/traces';
    if (isExport && request.headers['content-type'] === 'application/json') {
      bodies.push(body);
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    } else {
      response.statusCode = 404;
      response.end();
    }
  }, 0);
  t.teardown(listening.close);
  const exports = () => bodies.flatMap(body => (JSON.parse(body) as Export).resourceSpans);
  return {
    endpoint: listening.url,
    spans: () =>
      exports()
        .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
        .map(({ attributes, status, ...span }) => ({
          ...span,
          attributes: read(attributes),
          status: status.code ?? 0,
        })),
    resources: () => exports().map(({ resource }) => read(resource.attributes)),
    raw: () => bodies.join('\n'),
  };
}

function read(attributes: readonly Attribute[]): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.doubleValue ?? '']),
  );
}
