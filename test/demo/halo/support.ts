import type { Test } from 'tap';
import { type Halo, startHalo } from '../../../demo/halo/index.ts';

/** A stand-in that ends with the test. */
export async function start(t: Test, options: Parameters<typeof startHalo>[0] = {}): Promise<Halo> {
  const halo = await startHalo(options);
  t.teardown(() => halo.close());
  return halo;
}

/** A form post that follows no redirect. */
export function post(url: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(url, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
}

/** The parsed body of an answer. */
export async function json(answer: Response): Promise<Record<string, unknown>> {
  return (await answer.json()) as Record<string, unknown>;
}
