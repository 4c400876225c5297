import { request } from 'node:http';
import type { World } from './world.ts';

/** What a proxy is told. A field that came more than once stands joined. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** What every check of these says, but for what a test says otherwise. */
const ASKED = {
  'x-forwarded-method': 'GET',
  'x-forwarded-host': 'halo.example.com',
  'x-forwarded-uri': '/tickets?id=42',
};

/** Header fields; several values are several fields. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

/**
 * Asks as a proxy does, under the name by which it knows the gateway, about what {@link ASKED} says.
 * @param target of the check itself
 */
export function checkFor(
  world: Pick<World, 'address'>,
  fields: Fields = {},
  target = '/.halogate/verify',
): Promise<Told> {
  return checkOf(world, { ...ASKED, ...fields }, { target });
}

/** Asks what the fields say, and nothing else. */
export function checkOf(
  { address }: Pick<World, 'address'>,
  fields: Fields,
  { target = '/.halogate/verify', method = 'GET' }: { readonly target?: string; readonly method?: string } = {},
): Promise<Told> {
  const headers = Object.fromEntries(
    Object.entries({ host: 'gateway.internal:8080', ...fields }).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]),
  );
  return new Promise((resolve, reject) => {
    const asking = request(address, { path: target, method, headers }, answer => {
      const chunks: Buffer[] = [];
      answer.on('data', chunk => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(answer.headersDistinct).map(([name, values]) => [name, values?.join(', ')]),
          ),
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    asking.on('error', reject);
    asking.end();
  });
}
