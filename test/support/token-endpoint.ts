import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Test } from 'tap';

const CLIENT_ID = '7f3a1f0e-1111-4000-8000-000000000001';
export const OBJECT_ID = 'c0ffee00-2222-4000-8000-000000000002';
const ASSERTION = 'the-token-of-the-cluster';

/** The token endpoint of a directory, for one workload. */
export interface TokenEndpoint {
  readonly identity: { readonly tokenEndpoint: string; readonly clientId: string };
  /** Milliseconds for which its tokens are good from now on. */
  lifetime: number;
  /** What it answers with in place of a token. */
  refusal: { readonly status: number; readonly body: object } | undefined;
  /** The tokens that it has given, the last one last. */
  readonly tokens: readonly string[];
  /** How often it was asked for what it does not give. */
  readonly strangers: number;
}

/**
 * Starts one, and puts the token by which the workload is known where the process looks for it.
 * @param issued told each token before it is given
 */
export async function startTokenEndpoint(t: Test, issued: (token: string) => Promise<unknown>): Promise<TokenEndpoint> {
  const tokens: string[] = [];
  let number = 0;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const asked = Object.fromEntries(new URLSearchParams(text));
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (endpoint.refusal) return answer(endpoint.refusal.status, endpoint.refusal.body);
    if (request.method !== 'POST' || !isRequest(asked)) {
      endpoint.strangers += 1;
      return answer(400, { error: 'invalid_request' });
    }
    number += 1;
    const payload = Buffer.from(JSON.stringify({ oid: OBJECT_ID })).toString('base64url');
    const token = `e30.${payload}.signature-${number}`;
    await issued(token);
    tokens.push(token);
    answer(200, { token_type: 'Bearer', expires_in: Math.round(endpoint.lifetime / 1000), access_token: token });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const file = join(t.testdir(), 'federated-token');
  await writeFile(file, `${ASSERTION}\n`);
  process.env.AZURE_FEDERATED_TOKEN_FILE = file;
  const { port } = server.address() as AddressInfo;
  const endpoint = {
    identity: { tokenEndpoint: `http://127.0.0.1:${port}/directory/oauth2/v2.0/token`, clientId: CLIENT_ID },
    lifetime: 3_600_000,
    refusal: undefined as TokenEndpoint['refusal'],
    tokens,
    strangers: 0,
  };
  return endpoint;
}

/** RFC 6749 section 4.4 with RFC 7523 section 2.2. */
function isRequest(asked: Readonly<Record<string, string>>): boolean {
  return (
    asked.grant_type === 'client_credentials' &&
    asked.client_id === CLIENT_ID &&
    asked.scope === 'https://redis.azure.com/.default' &&
    asked.client_assertion_type === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' &&
    asked.client_assertion === ASSERTION
  );
}
