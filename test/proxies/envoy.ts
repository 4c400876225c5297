import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';

/** How long Envoy may take to listen, in milliseconds. */
const START_TIMEOUT = 30_000;

/** Starts a real Envoy, which `ENVOY` names. @param settings its bootstrap, for this port @returns its address */
export async function startEnvoy(t: Test, settings: string, port: number): Promise<string> {
  const program = process.env.ENVOY;
  if (!program) throw new Error('ENVOY does not name an Envoy: run these tests by npm test.');
  const directory = await mkdtemp(join(tmpdir(), 'envoy-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'envoy.yaml');
  await writeFile(file, settings);
  const args = ['-c', file, '--concurrency', '1', '--use-dynamic-base-id', '--log-level', 'warning'];
  const envoy = spawn(program, args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  envoy.stderr.setEncoding('utf8').on('data', text => {
    said += text;
  });
  const ended = once(envoy, 'exit');
  t.teardown(async () => {
    envoy.kill('SIGKILL');
    await ended;
  });
  for (const deadline = Date.now() + START_TIMEOUT; !(await isListening(port)); await sleep(50)) {
    if (envoy.exitCode !== null || Date.now() > deadline) throw new Error(`Envoy does not listen:\n${said}`);
  }
  return `http://127.0.0.1:${port}`;
}

function isListening(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
