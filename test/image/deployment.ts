import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Test } from 'tap';
import { startBalancer } from '../../demo/balancer.ts';
import { startEntra } from '../../demo/entra/index.ts';
import { startHalo } from '../../demo/halo/index.ts';
import { type KubernetesObject, render, type Values } from '../chart/helm.ts';
import { find } from '../chart/objects.ts';
import { change } from '../chart/values.ts';
import { AUDIT_MARK, type AuditLine, readAuditLine } from '../support/audit.ts';
import { Browser } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { inMemory, startProcess } from '../support/redis-process.ts';
import { eventually, type LoadStatus } from '../support/reloading.ts';
import { AGENTS, SUPPORT } from '../support/world.ts';
import { CLIENT_ADDRESS, SECRET, valuesFor } from './deployment-values.ts';
import { type Cluster, type Pod, startPod } from './kubelet.ts';
import type { PodSpec } from './pod-spec.ts';

/** A Deployment, as far as a pod of it is started. */
interface DeploymentSpec {
  readonly template: { readonly metadata: KubernetesObject['metadata']; readonly spec: PodSpec };
}

/** What `/status` tells, as far as it is looked at here. */
interface Status extends LoadStatus {
  readonly portals: readonly { readonly name: string }[];
  readonly store: { readonly kind: string; readonly reachable: boolean };
}

/** Tries to write where the pod can see something, and says what came of it. */
const WRITE = `console.log(JSON.stringify(process.argv.slice(1).map(path => {
  try { fs.writeFileSync(path + '/x', 'x'); return 'written'; } catch (e) { return e.code; }
})))`;

/** Installs the chart, as far as one machine is a cluster, and uses it as people and a cluster do. */
export async function tryDeployment(t: Test, image: Cluster['image']): Promise<void> {
  const [entra, halo] = [await startEntra(), await startHalo()];
  t.teardown(() => Promise.all([entra.close(), halo.close()]));
  const redis = await startProcess(t, {
    args: (...place) => [...inMemory(...place), '--requirepass', SECRET['redis-password']],
  });
  const [port, opsPort, servicePort] = [await freePort(), await freePort(), await freePort()];
  const addresses = { authority: entra.url, haloPort: halo.port, redisPort: redis.port, port, opsPort, servicePort };
  const values: Values = valuesFor(addresses);
  const objects = await render(values);
  const serviceUrl = await startService(t, objects);

  const browser = () => new Browser({ [AGENTS]: serviceUrl, [new URL(SUPPORT).origin]: serviceUrl });
  const headers = { 'x-forwarded-for': CLIENT_ADDRESS };
  const agnes = browser();
  const start = (objects: readonly KubernetesObject[], spec: PodSpec) => startPod(t, spec, clusterOf(image, objects));
  const status = async () => (await (await fetch(`http://127.0.0.1:${opsPort}/status`)).json()) as Status;
  const seenByHalo = () => halo.received.at(-1)?.header('x-forwarded-user');

  const { template } = find<DeploymentSpec>(objects, 'Deployment').spec;
  const pod = await start(objects, template.spec);

  await t.test('its probes hold, the one of the image as well', async t => {
    t.ok(await pod.holds('livenessProbe'), pod.output());
    t.ok(await pod.holds('readinessProbe'));
    const { Entrypoint } = image.config;
    const probe = [...Entrypoint, 'probe', '--config', '/etc/halogate/halogate.yaml'];
    t.same(await pod.execute(probe), { status: 0, output: 'ready\n' });
    t.match(await status(), { lastError: null, store: { kind: 'redis', reachable: true } });
  });

  await t.test('it is the user of the pod, with no capability, and writes nowhere', async t => {
    const facts = await readFile(`/proc/${await pod.pid()}/status`, 'utf8');
    const fact = (name: string) => new RegExp(`^${name}:\\s*(.*?)\\s*$`, 'm').exec(facts)?.[1];
    t.equal(fact('NSpid')?.split('\t').at(-1), '1');
    for (const name of ['Uid', 'Gid']) t.same(new Set(fact(name)?.split('\t')), new Set(['65532']), name);
    t.equal(fact('Groups'), '65532');
    t.match([fact('CapPrm'), fact('CapEff'), fact('NoNewPrivs')], [/^0+$/, /^0+$/, '1']);
    const places = ['', '/app', '/tmp', '/etc/halogate', '/secrets'];
    const { output } = await pod.execute(['/usr/local/bin/node', '-e', WRITE, ...places]);
    t.same(JSON.parse(output), Array(places.length).fill('EROFS'));
  });

  await t.test('the test of the chart passes', async t => {
    const { spec } = find<PodSpec>(objects, 'Pod');
    const { status, output } = await (await start(objects, spec)).ended;
    t.equal(status, 0, output);
    t.equal(output.match(/^ok: /gm)?.length, 3, output);
  });

  await t.test('somebody signs in through the Service, and the audit log on standard output says so', async t => {
    entra.choose('agnes');
    t.equal((await agnes.go(`${AGENTS}/ticket?id=42`, { headers })).status, 200);
    t.equal(halo.received.at(-1)?.target, '/ticket?id=42');
    t.equal(seenByHalo(), 'agnes@example.com');
    t.match(await audited(pod, 'sign-in'), { event: { outcome: 'success' }, source: { ip: CLIENT_ADDRESS } });
  });

  await t.test('another ConfigMap is loaded, and nothing is started anew', async t => {
    const other = { name: 'support', kind: 'user', url: SUPPORT };
    const next = await render(change(values, 'config.portals', [...valuesFor(addresses).config.portals, other]));
    t.same(find(next, 'Deployment'), find(objects, 'Deployment'));
    const before = await status();
    t.equal((await browser().ask(SUPPORT, { headers })).status, 421);
    await pod.volumes.config?.swap(clusterOf(image, next).configMaps['gate-halogate'] ?? {});
    const after = await eventually(async () => {
      const now = await status();
      return now.configHash === before.configHash ? undefined : now;
    });
    t.match(after, { lastError: null, needsRestart: [] });
    t.same(
      after.portals.map(({ name }) => name),
      ['agents', 'customers', 'support'],
    );
    t.equal((await browser().ask(SUPPORT, { headers })).status, 302);
    t.equal((await agnes.ask(`${AGENTS}/ticket`, { headers })).status, 200, 'who was signed in still is');
    t.match(await audited(pod, 'reload'), { event: { outcome: 'success' } });
  });

  await t.test('told to end it is unready and alive, and has ended well before the time of grace is over', async t => {
    const ending = pod.stop();
    await eventually(async () => !(await pod.ask('readinessProbe')) || undefined);
    t.ok(await pod.ask('livenessProbe'), 'while it drains');
    const { status, output } = await ending;
    t.equal(status, 0, output);
    t.match(output, /"msg":"drained"/);
    for (const [key, secret] of Object.entries(SECRET)) t.notOk(output.includes(secret), `${key} is in no log`);
  });

  await t.test(
    'the next pod, with its audit log on a volume: sessions go on, and the volume is written to',
    async t => {
      const volume = { extraVolumes: [{ name: 'audit', emptyDir: {} }] };
      const mount = { extraVolumeMounts: [{ name: 'audit', mountPath: '/var/log/halogate' }] };
      const file = change(values, 'config.audit', { file: '/var/log/halogate/audit.ndjson' });
      const next = await render({ ...file, ...volume, ...mount });
      const { template: nextTemplate } = find<DeploymentSpec>(next, 'Deployment').spec;
      t.not(JSON.stringify(nextTemplate.metadata), JSON.stringify(template.metadata), 'a rollout');
      const successor = await start(next, nextTemplate.spec);
      t.ok(await successor.holds('readinessProbe'), successor.output());
      t.equal((await agnes.ask(`${AGENTS}/ticket`, { headers })).status, 200);
      t.equal(seenByHalo(), 'agnes@example.com');
      entra.choose('agnes');
      t.equal((await browser().go(`${AGENTS}/ticket`, { headers })).status, 200);
      t.equal((await successor.stop()).status, 0, successor.output());
      const lines = await readFile(join(successor.volumes.audit?.directory ?? '', 'audit.ndjson'), 'utf8');
      t.match(lines.trim().split('\n').map(readAuditLine), [{ event: { action: 'sign-in', outcome: 'success' } }]);
      t.notOk(successor.output().includes(AUDIT_MARK));
    },
  );
}

/** What the objects and the Secret come to for a pod. */
function clusterOf(image: Cluster['image'], objects: readonly KubernetesObject[]): Cluster {
  const maps = objects.filter(({ kind }) => kind === 'ConfigMap');
  const dataOf = (object: KubernetesObject) =>
    (object as KubernetesObject & { readonly data: Readonly<Record<string, string>> }).data;
  return {
    image,
    configMaps: Object.fromEntries(maps.map(object => [object.metadata.name, dataOf(object)])),
    secrets: { halogate: SECRET },
    services: objects.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name),
  };
}

interface ServiceSpec {
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
}

/** The Service, which leads to the port of the pods that it selects. @returns its origin on this machine */
async function startService(t: Test, objects: readonly KubernetesObject[]): Promise<string> {
  const { selector, ports } = find<ServiceSpec>(objects, 'Service', '-halogate').spec;
  const { metadata, spec } = find<DeploymentSpec>(objects, 'Deployment').spec.template;
  t.match(metadata.labels, selector, 'the Service selects the pods');
  const [service] = ports;
  const target = spec.containers[0]?.ports?.find(({ name }) => name === service?.targetPort);
  if (service === undefined || target === undefined) throw new Error('The Service leads to no port of the container.');
  const balancer = await startBalancer([target.containerPort], service.port);
  t.teardown(() => balancer.close());
  return `http://127.0.0.1:${balancer.port}`;
}

/** The first event of this kind on the pod's standard output. */
function audited(pod: Pod, action: string): Promise<AuditLine> {
  return eventually(async () => {
    const lines = pod.output().split('\n');
    const events = lines.filter(line => line.includes(AUDIT_MARK) && line.endsWith('}')).map(readAuditLine);
    return events.find(({ event }) => event.action === action);
  });
}
