import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { type ContainerSpec, type Probe, type ProbeName, probeOf } from './pod-spec.ts';

/** The probes of a container, asked as a kubelet asks them. */
export interface Probes {
  /** Asks one once. */
  ask(name: ProbeName): Promise<boolean>;
  /** What a kubelet makes of it: whether it holds before it has failed too often. */
  holds(name: ProbeName): Promise<boolean>;
}

export function probesOf(container: ContainerSpec): Probes {
  const ask = (name: ProbeName) => askOnce(probeOf(container, name), container);
  return {
    ask,
    async holds(name) {
      const { failureThreshold, periodSeconds } = probeOf(container, name);
      for (let attempt = 0; attempt < failureThreshold; attempt += 1) {
        if (attempt > 0) await sleep(periodSeconds * 1000);
        if (await ask(name)) return true;
      }
      return false;
    },
  };
}

async function askOnce({ httpGet, timeoutSeconds = 1 }: Probe, { ports = [] }: ContainerSpec): Promise<boolean> {
  const port = ports.find(({ name }) => name === httpGet.port)?.containerPort;
  if (port === undefined) throw new Error(`The container has no port ${httpGet.port}.`);
  try {
    const { statusCode, body } = await request(`http://${ownAddress()}:${port}${httpGet.path}`, {
      headers: { 'user-agent': 'kube-probe/1.37', connection: 'close' },
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    await body.dump();
    return statusCode >= 200 && statusCode < 400;
  } catch {
    return false;
  }
}

/** A kubelet asks from outside the pod: where there is another address than loopback, at that one. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap(list => list ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
}
