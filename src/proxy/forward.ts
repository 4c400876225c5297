import type { Config, Upstream } from '../config/index.ts';
import type { Forwarder, ForwardResult } from './api.ts';
import { Exchange } from './exchange.ts';
import { createRequestHeaders } from './request-headers.ts';
import { createUndiciClient } from './undici-client.ts';
import type { UpstreamClient } from './upstream.ts';

/** A portal that the settings do not have (any more). */
const NO_UPSTREAM: ForwardResult = {
  answered: false,
  failure: { code: 'UPSTREAM_UNREACHABLE', reason: 'no-upstream' },
};

export type ForwarderConfig = Pick<Config, 'halo' | 'portals' | 'identity' | 'tracing'>;

/**
 * Makes what forwards requests to Halo: one client for each upstream that the portals have, shared where they have the same.
 * @param createClient makes the client of an upstream; the second parameter is `halo.timeout`, in milliseconds
 */
export function createForwarder(
  config: ForwarderConfig,
  createClient: (upstream: Upstream, timeout: number) => UpstreamClient = createUndiciClient,
): Forwarder {
  const { timeout } = config.halo;
  const requestHeaders = createRequestHeaders(config);
  const clients = new Map<string, UpstreamClient>();
  const byPortal = new Map<string, UpstreamClient>();
  for (const { name, upstream } of config.portals) {
    const key = upstreamKey(upstream);
    const client = clients.get(key) ?? createClient(upstream, timeout);
    clients.set(key, client);
    byPortal.set(name, client);
  }

  return {
    forward(forwarding) {
      const { request, portal, client, identity } = forwarding;
      const upstream = byPortal.get(portal.name);
      if (!upstream) return Promise.resolve(NO_UPSTREAM);
      return new Promise(settled => {
        const headers = requestHeaders(request.rawHeaders, portal, client, identity);
        new Exchange({ forwarding, upstream, headers, timeout, settled }).start();
      });
    },
    async close() {
      await Promise.all([...clients.values()].map(client => client.close()));
    },
  };
}

function upstreamKey({ origin, ca, cert, key, servername }: Upstream): string {
  return JSON.stringify([origin, ca, cert, key, servername]);
}
