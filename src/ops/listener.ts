import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Health } from './health.ts';
import type { Exposition } from './metrics/metrics.ts';
import type { Status } from './status.ts';

interface OpsListenerOptions {
  readonly health: Pick<Health, 'readiness'>;
  readonly status: () => Status;
  readonly metrics: () => Promise<Exposition>;
  readonly log: FastifyBaseLogger;
}

/**
 * What the platform and its operators ask, on an address of its own that the public never reaches: `/livez` (the event loop turns),
 * `/readyz` (requests may be sent here), `/metrics` and `/status`. Not yet listening.
 */
export function createOpsListener({ health, status, metrics, log }: OpsListenerOptions): FastifyInstance {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('Cache-Control', 'no-store');
  });
  app.get('/livez', () => ({ status: 'live' }));
  app.get('/readyz', (_request, reply) => {
    const readiness = health.readiness();
    if (readiness.ready) return { status: 'ready' };
    reply.code(503);
    return { status: 'not ready', reason: readiness.reason };
  });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics();
    reply.type(contentType);
    return text;
  });
  app.get('/status', status);
  app.setNotFoundHandler((_request, reply) => {
    reply.code(404);
    return { title: 'Not Found', status: 404 };
  });
  return app;
}
