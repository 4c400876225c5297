import { type ListenAddress, readOpsListen } from '../config/index.ts';
import { BAD_CONFIGURATION } from './exit-status.ts';

/** How long the ops listener may take to answer, in milliseconds. */
const TIMEOUT = 3000;

/** Addresses that stand for all of the machine's own, and the one to ask instead. */
const OWN: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * `halogate probe`: asks the running gateway on this machine whether it is ready, or merely alive, and says so in one line.
 * @param args `config` is its settings file, of which nothing but `opsListen` is read; `live` asks `/livez` in place of `/readyz`
 * @returns the exit status: 0 where it is, 78 where the settings do not say where it listens, else 1
 */
export async function probe(
  args: { readonly config: string; readonly live: boolean },
  write: (text: string) => void = text => process.stdout.write(text),
): Promise<number> {
  const { value: address, problem } = readOpsListen(args.config);
  if (address === undefined) {
    write(`${problem}\n`);
    return BAD_CONFIGURATION;
  }
  const { good, text } = await ask(`http://${hostText(address)}${args.live ? '/livez' : '/readyz'}`);
  write(`${text}\n`);
  return good ? 0 : 1;
}

async function ask(url: string): Promise<{ readonly good: boolean; readonly text: string }> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT) });
    return { good: answer.ok, text: describe((await answer.json()) as unknown, `${url} answers ${answer.status}`) };
  } catch (error) {
    return { good: false, text: `${url} cannot be asked: ${reason(error)}` };
  }
}

/** What the ops listener says of itself: `ready`, `not ready: draining`. */
function describe(body: unknown, otherwise: string): string {
  if (typeof body !== 'object' || body === null || !('status' in body)) return otherwise;
  if (typeof body.status !== 'string') return otherwise;
  return 'reason' in body ? `${body.status}: ${String(body.reason)}` : body.status;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What failed stands in the cause: fetch itself merely says that it did.
  const { code } = error.cause instanceof Error && 'code' in error.cause ? error.cause : { code: undefined };
  return typeof code === 'string' ? code : error.message;
}

function hostText({ host, port }: ListenAddress): string {
  const asked = OWN[host] ?? host;
  return `${asked.includes(':') ? `[${asked}]` : asked}:${port}`;
}
