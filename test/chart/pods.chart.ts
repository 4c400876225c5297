import t from 'tap';
import { type KubernetesObject, RELEASE, render, type Values } from './helm.ts';
import { deploymentOf, find, has } from './objects.ts';
import { change, full, sound, tables } from './values.ts';

t.test('the selector is what it always was: a Deployment’s cannot be changed', async t => {
  const selector = { 'app.kubernetes.io/name': 'halogate', 'app.kubernetes.io/instance': RELEASE };
  for (const values of [sound, full]) {
    const { deployment } = await deploymentOf(values);
    t.same(deployment.spec.selector.matchLabels, selector);
    t.match(deployment.spec.template.metadata.labels, selector);
  }
});

t.test('other settings change the ConfigMap alone: running gateways load them, nothing is restarted', async t => {
  const others = (objects: readonly KubernetesObject[]) => objects.filter(({ kind }) => kind !== 'ConfigMap');
  const [before, after] = [await render(sound), await render(change(sound, 'config.log', { level: 'debug' }))];
  t.same(others(after), others(before));
  t.not(JSON.stringify(find(after, 'ConfigMap')), JSON.stringify(find(before, 'ConfigMap')));
});

const ANNOTATION = 'checksum/fixed-settings';
const annotationsOf = async (values: Values) =>
  (await deploymentOf(values)).deployment.spec.template.metadata.annotations;

for (const [path, value] of [
  ['config.listen', '[::]:8080'],
  ['config.opsListen', '[::]:9090'],
  ['config.tls', { cert: '/tls/tls.crt', key: '/tls/tls.key' }],
  ['config.session.redis.url', 'redis://other.example.com:6379'],
  ['config.session.redis.keyPrefix', 'other:'],
  ['config.tracing', { endpoint: 'http://otel.internal:4318' }],
] as const) {
  t.test(`what running gateways cannot load starts them anew: ${path}`, async t => {
    t.not((await annotationsOf(change(sound, path, value)))?.[ANNOTATION], (await annotationsOf(sound))?.[ANNOTATION]);
  });
}

t.test('another place of the audit log starts them anew; another certificate, another timeout do not', async t => {
  const annotations = await annotationsOf(full);
  t.match(annotations, { [ANNOTATION]: /^[0-9a-f]{64}$/, 'example.com/scan': 'true' });
  const moved = change(full, 'config.audit.file', '/var/log/halogate/other.ndjson');
  t.not((await annotationsOf(moved))?.[ANNOTATION], annotations?.[ANNOTATION]);
  const { tls = {} } = tables;
  for (const [path, value] of [
    ['config.tls.cert', '/tls/other.crt'],
    ['config.session.idle', '2h'],
    ['config.halo.upstream', 'https://other.internal'],
  ] as const) {
    t.same(await annotationsOf(change(tls, path, value)), await annotationsOf(tls), path);
  }
});

t.test(
  'the settings are mounted as a folder where the image looks for them: a single file would never follow a change',
  async t => {
    const { pod, container } = await deploymentOf(sound);
    t.match(container.volumeMounts, [{ name: 'config', mountPath: '/etc/halogate', readOnly: true }]);
    t.notOk(container.volumeMounts.some(mount => 'subPath' in mount));
    t.match(pod.volumes, [{ name: 'config', configMap: { name: `${RELEASE}-halogate` } }]);
    const own = await deploymentOf(tables['own-configmap'] ?? {});
    t.match(own.pod.volumes, [{ name: 'config', configMap: { name: 'halogate-settings' } }]);
  },
);

t.test('probes ask the ops listener: live whatever else is wrong, ready when requests may come', async t => {
  const { container } = await deploymentOf(sound);
  t.match(container.startupProbe, { httpGet: { path: '/livez', port: 'ops' } });
  t.match(container.livenessProbe, { httpGet: { path: '/livez', port: 'ops' } });
  t.match(container.readinessProbe, { httpGet: { path: '/readyz', port: 'ops' } });
  t.match(container.ports, [
    { name: 'http', containerPort: 8080 },
    { name: 'ops', containerPort: 9090 },
  ]);
});

t.test('ports follow the settings', async t => {
  const { container } = await deploymentOf(
    change(change(sound, 'config.listen', '[::]:8000'), 'config.opsListen', '[::]:9000'),
  );
  t.match(container.ports, [{ containerPort: 8000 }, { containerPort: 9000 }]);
});

t.test('every {env: NAME} of the settings comes from the Secret, unless extraEnv sets it', async t => {
  const { container } = await deploymentOf(full);
  const from = (name: string, key: string) => ({ valueFrom: { secretKeyRef: { name, key } } });
  const env = Object.fromEntries((container.env ?? []).map(({ name, ...source }) => [name, source]));
  t.same(env, {
    ENTRA_CLIENT_SECRET: from('halogate', 'entra-client-secret'),
    HALOGATE_SESSION_SECRET: from('halogate', 'HALOGATE_SESSION_SECRET'),
    REDIS_URL: from('halogate', 'REDIS_URL'),
    HALOGATE_FORMER_SESSION_SECRET: from('former', 'secret'),
    NODE_EXTRA_CA_CERTS: { value: '/ca/ca.crt' },
  });
});

t.test('secrets, TLS and authorities are mounted as files, for the group of the process alone', async t => {
  const { pod, container } = await deploymentOf(full);
  const paths = Object.fromEntries(container.volumeMounts.map(({ name, mountPath }) => [name, mountPath]));
  t.match(paths, { secrets: '/secrets', tls: '/tls', ca: '/ca', audit: '/var/log/halogate' });
  const volumes = Object.fromEntries(pod.volumes.map(({ name, ...source }) => [name, source]));
  t.match(volumes, {
    secrets: { secret: { secretName: 'halogate', defaultMode: 0o440 } },
    tls: { secret: { secretName: 'halogate-tls', defaultMode: 0o440 } },
    ca: { configMap: { name: 'private-ca' } },
  });
  const secretCa = await deploymentOf(change(sound, 'ca', { existingSecret: 'private-ca' }));
  t.match(secretCa.pod.volumes[1], { name: 'ca', secret: { secretName: 'private-ca' } });
  t.notOk(
    secretCa.container.env?.some(({ name }) => name === 'NODE_EXTRA_CA_CERTS'),
    'trusted only where that is asked for',
  );
});

t.test('workload identity labels the pods and annotates their account', async t => {
  const [without, objects] = [await render(sound), await render(full)];
  const label = 'azure.workload.identity/use';
  const { deployment } = await deploymentOf(full);
  t.equal(deployment.spec.template.metadata.labels?.[label], 'true');
  t.same(find(objects, 'ServiceAccount').metadata.annotations, {
    'azure.workload.identity/client-id': '00000000-0000-0000-0000-000000000001',
    'azure.workload.identity/tenant-id': '00000000-0000-0000-0000-000000000002',
    'example.com/owner': 'platform',
  });
  t.notOk(JSON.stringify(without).includes('azure.workload.identity'));
});

t.test('an image by its digest is that one, whatever the tag says', async t => {
  t.match(
    (await deploymentOf(full)).container.image,
    /^registry\.example\.com\/platform\/halogate@sha256:[0-9a-f]{64}$/,
  );
  t.equal((await deploymentOf(sound)).container.image, 'registry.example.com/halogate:0.1.0');
  t.equal((await deploymentOf(change(sound, 'image.tag', '9.9'))).container.image, 'registry.example.com/halogate:9.9');
});

t.test('replicas spread over zones and nodes, those of this release among themselves', async t => {
  const { pod, deployment } = await deploymentOf(sound);
  t.equal(pod.topologySpreadConstraints.length, 2);
  for (const { labelSelector } of pod.topologySpreadConstraints) t.same(labelSelector, deployment.spec.selector);
  const own = (await deploymentOf(full)).pod.topologySpreadConstraints;
  t.match(own, [{ labelSelector: { matchLabels: { tier: 'edge' } } }], 'a selector of one’s own stays');
});

t.test('the autoscaler says how many replicas there are, or the values do', async t => {
  t.equal((await deploymentOf(sound)).deployment.spec.replicas, 2);
  t.equal((await deploymentOf(full)).deployment.spec.replicas, undefined);
  const scaler = find(await render(full), 'HorizontalPodAutoscaler');
  t.match(scaler.spec, {
    scaleTargetRef: { kind: 'Deployment', name: `${RELEASE}-halogate` },
    minReplicas: 2,
    maxReplicas: 8,
    metrics: [
      { resource: { name: 'cpu', target: { averageUtilization: 70 } } },
      { resource: { name: 'memory', target: { averageUtilization: 80 } } },
    ],
  });
  t.notOk(has(await render(sound), 'HorizontalPodAutoscaler'));
});

t.test('a disruption budget stands only above one replica: below, it would keep a node from being drained', async t => {
  const budget = async (values: typeof sound) => {
    const objects = await render(values);
    return has(objects, 'PodDisruptionBudget') ? find(objects, 'PodDisruptionBudget').spec : undefined;
  };
  t.match(await budget(sound), { maxUnavailable: 1 });
  t.equal(await budget(change(sound, 'replicaCount', 1)), undefined);
  t.equal(await budget(change(sound, 'podDisruptionBudget', { enabled: false })), undefined);
  t.equal(await budget(change(change(full, 'autoscaling.minReplicas', 1), 'replicaCount', 5)), undefined);
  const percentage = await budget(full);
  t.match(percentage, { minAvailable: '50%' });
  t.notOk(Object.hasOwn(Object(percentage), 'maxUnavailable'), 'never both');
});

t.test('further objects may be maps or texts, and are templates', async t => {
  const objects = await render(full);
  t.match(find(objects, 'ConfigMap', '-extra'), { data: { host: 'https://halo.example.com' } });
  t.ok(find(objects, 'ConfigMap', '-text'));
});
