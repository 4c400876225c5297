import { METHODS } from 'node:http';
import { type TlsOptions, Server as TlsServer } from 'node:tls';
import httpProxy from '@fastify/http-proxy';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Config, ListenerTls } from '../config/index.ts';
import { answerClientError } from './client-error.ts';
import type { Exchange } from './exchange.ts';
import { carryUpgrades, isWebSocket } from './upgrades.ts';

/** A request's head may be this long, in bytes: browsers carry many of Halo's cookies. */
const MAX_HEADER_SIZE = 32 * 1024;

type ListenerConfig = Pick<Config, 'halo' | 'timeouts' | 'tls'>;

/** The public listener: every method and every target goes one way, through the exchange. */
export interface Listener {
  /** Not yet listening. */
  readonly app: FastifyInstance;
  /**
   * From now on new connections are served by these settings. A listener without TLS stays without it.
   * @throws Error for a certificate that TLS does not take; then everything stays
   */
  obey(config: ListenerConfig): void;
}

export async function createListener(
  config: ListenerConfig,
  log: FastifyBaseLogger,
  exchange: Exchange,
): Promise<Listener> {
  const http = {
    maxHeaderSize: MAX_HEADER_SIZE,
    shouldUpgradeCallback: isWebSocket,
    headersTimeout: config.timeouts.headers,
    connectionsCheckingInterval: Math.min(1000, config.timeouts.headers),
  };
  const options = {
    loggerInstance: log,
    // Its own lines hold the whole target, a callback's code included; the exchange writes better ones.
    logController: new LogController({ disableRequestLogging: true }),
    // The router must not judge targets: the exchange reads the raw one (`originalUrl`) and normalises it itself.
    rewriteUrl: () => '/',
    // Long uploads are not an attack; silence in the middle of one is watched where the body is read.
    requestTimeout: 0,
    keepAliveTimeout: config.timeouts.idle,
    clientErrorHandler: answerClientError,
  };
  const app: FastifyInstance = config.tls
    ? fastify({
        ...options,
        https: { ...http, ...tlsOptions(config.tls), handshakeTimeout: config.timeouts.headers },
      })
    : fastify({ ...options, http });
  const methods = METHODS.filter(method => method !== 'CONNECT');
  // Nobody parses a body, nor judges what it is said to be: as if there were none, it passes as it came.
  for (const method of methods) app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  await app.register(httpProxy, {
    upstream: config.halo.upstream.origin,
    httpMethods: methods,
    async handler({ raw }, reply) {
      reply.hijack();
      await exchange(raw, reply.raw, 'originalUrl' in raw ? String(raw.originalUrl) : '');
    },
  });
  // The client that asks before it sends is answered by whoever reads the body, once it is decided that somebody does.
  carryUpgrades(app.server, exchange);
  app.server.on('checkContinue', (request, response) => app.server.emit('request', request, response));
  // An expectation that nobody knows is no reason to refuse (RFC 9110 section 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  return {
    app,
    obey({ timeouts, tls }) {
      const { server } = app;
      if (tls && server instanceof TlsServer) server.setSecureContext(tlsOptions(tls));
      server.headersTimeout = timeouts.headers;
      server.keepAliveTimeout = timeouts.idle;
    },
  };
}

function tlsOptions({ cert, key }: ListenerTls): TlsOptions {
  return { cert, key, minVersion: 'TLSv1.2' };
}
