import { readFileSync } from 'node:fs';

/** By how much a process's resident memory was ever above where it began while something ran, in bytes. */
export async function growth(pid: number | undefined, work: () => Promise<void>): Promise<number> {
  const before = residentMemory(pid);
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMemory(pid));
  }, 50);
  await work().finally(() => clearInterval(timer));
  return peak - before;
}

function residentMemory(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
