import { setTimeout as sleep } from 'node:timers/promises';

/** How long a metric may take to say something, in milliseconds: generous, as machines that run tests are busy. */
const TIMEOUT = 20_000;

type Labels = Readonly<Record<string, string>>;

/** One line of an exposition. */
export interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

/** Reads Prometheus' text format, as far as the gateway writes it. */
export function readSamples(text: string): readonly Sample[] {
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => {
      const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (name === '') throw new Error(`No sample: ${line}`);
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [key, text]);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
}

/** What `/metrics` of an ops listener says now. */
export async function scrape(opsUrl: string): Promise<readonly Sample[]> {
  return readSamples(await (await fetch(`${opsUrl}/metrics`)).text());
}

/** The sum of the samples of a name (without its prefix) that have the labels given. */
export function sumOf(samples: readonly Sample[], name: string, labels: Labels = {}): number {
  return samples
    .filter(sample => sample.name === `halogate_${name}`)
    .filter(sample => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

/** Waits until a sum is at least so much: what is counted in the background is counted a moment later. @returns the sum */
export async function waitForSum(opsUrl: string, name: string, labels: Labels, least: number): Promise<number> {
  for (const deadline = Date.now() + TIMEOUT; ; await sleep(50)) {
    const sum = sumOf(await scrape(opsUrl), name, labels);
    if (sum >= least || Date.now() > deadline) return sum;
  }
}
