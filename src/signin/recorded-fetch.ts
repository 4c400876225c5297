import type { ProviderEndpoint, ProviderFailure, SignInRecorder } from '../ops/index.ts';

/** `fetch`, as far as providers are asked with it. */
export type ProviderFetch = (url: string | URL, request: RequestInit) => Promise<Response>;

/** What the name of a discovery document ends in (OpenID Connect Discovery section 4). */
const DISCOVERY = '/.well-known/openid-configuration';

/**
 * `fetch` that tells how long a connection's provider takes to answer, and whether it does.
 * @param recorder left out where nobody wants to know
 * @param endpoint what is asked; left out, it is told by the request
 */
export function recordedFetch(
  recorder: Pick<SignInRecorder, 'providerAnswered'> | undefined,
  connection: string,
  endpoint?: ProviderEndpoint,
): ProviderFetch {
  if (!recorder) return fetch;
  return async (url, request) => {
    const asked = endpoint ?? endpointOf(url, request);
    const started = performance.now();
    const told = (failure?: ProviderFailure) =>
      recorder.providerAnswered(connection, asked, (performance.now() - started) / 1000, failure);
    try {
      const answer = await fetch(url, request);
      told(failureOf(asked, answer.status));
      return answer;
    } catch (error) {
      // Whoever asked has given up: that tells nothing of the provider.
      if (!isNamed(error, 'AbortError')) told(isNamed(error, 'TimeoutError') ? 'timeout' : 'network');
      throw error;
    }
  };
}

function endpointOf(url: string | URL, { method }: RequestInit): ProviderEndpoint {
  if (method === 'POST') return 'token';
  return new URL(url).pathname.endsWith(DISCOVERY) ? 'discovery' : 'keys';
}

/** A code or a refresh token that the provider refuses is an answer: anybody can send a made-up one. */
function failureOf(endpoint: ProviderEndpoint, status: number): ProviderFailure | undefined {
  if (status === 429) return 'throttled';
  if (status >= 500) return '5xx';
  return status >= 400 && endpoint !== 'token' ? '4xx' : undefined;
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
