import type { Upstream } from '../config/index.ts';
import { createUndiciClient } from './undici-client.ts';

/** A longer body is cut off, in bytes. */
const MOST_BYTES = 64 * 1024;

/** What an upstream answered, or why it did not: as {@link ForwardFailure} names it, or `timeout`. */
type UpstreamAnswer = { readonly status: number; readonly body: string } | { readonly failure: string };

/**
 * Asks an upstream once, over the same client as everything that is forwarded: TLS is verified as it is there.
 * @param request `path` with query; `portal` is the origin whose Host is sent
 * @param timeout milliseconds for the whole answer
 */
export async function askUpstream(
  upstream: Upstream,
  request: { readonly path: string; readonly portal: URL },
  timeout: number,
): Promise<UpstreamAnswer> {
  const client = createUndiciClient(upstream, timeout);
  const { promise, resolve } = Promise.withResolvers<UpstreamAnswer>();
  const chunks: Buffer[] = [];
  let status = 0;
  let size = 0;
  const finish = () => resolve({ status, body: Buffer.concat(chunks).toString('utf8') });
  const exchange = client.send(
    { method: 'GET', path: request.path, headers: fieldsOf(request.portal) },
    {
      head: answered => {
        status = answered;
      },
      data(chunk) {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= MOST_BYTES) finish();
        return true;
      },
      end: finish,
      failed: ({ reason }) => resolve({ failure: reason }),
    },
  );
  const timer = setTimeout(() => resolve({ failure: 'timeout' }), timeout);
  const answer = await promise;
  clearTimeout(timer);
  exchange.abort();
  void client.close();
  return answer;
}

function fieldsOf({ host, protocol }: URL): string[] {
  const fields = { Host: host, 'X-Forwarded-Proto': protocol.slice(0, -1), 'X-Forwarded-Host': host, Accept: '*/*' };
  return Object.entries(fields).flat();
}
