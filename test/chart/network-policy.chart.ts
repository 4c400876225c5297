import t from 'tap';
import { refusal, render, type Values } from './helm.ts';
import { type DeploymentSpec, find, has, type PodSpec } from './objects.ts';
import { change, full, sound, tables } from './values.ts';

interface PolicySpec {
  readonly podSelector: object;
  readonly policyTypes: readonly string[];
  readonly ingress: readonly {
    readonly ports: readonly { readonly port: string }[];
    readonly from?: readonly object[];
  }[];
  readonly egress: readonly {
    readonly ports: readonly { readonly port: number; readonly protocol: string }[];
    readonly to?: readonly object[];
  }[];
}

t.test('a NetworkPolicy lets in who is named, and the test', async t => {
  const objects = await render(full);
  const { spec } = find<PolicySpec>(objects, 'NetworkPolicy');
  t.same(spec.podSelector, find<DeploymentSpec>(objects, 'Deployment').spec.selector);
  t.same(spec.policyTypes, ['Ingress', 'Egress']);
  const test = find<PodSpec>(objects, 'Pod').metadata.labels?.['app.kubernetes.io/name'];
  for (const [index, port, namespace] of [
    [0, 'http', 'ingress-nginx'],
    [1, 'ops', 'monitoring'],
  ] as const) {
    const rule = spec.ingress[index];
    t.match(rule?.ports, [{ port }]);
    t.match(rule?.from?.[0], { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } });
    t.match(rule?.from?.[1], { podSelector: { matchLabels: { 'app.kubernetes.io/name': test } } });
  }
});

t.test('left open, everybody reaches the public port and the namespace reaches the ops port', async t => {
  const { spec } = find<PolicySpec>(await render(change(sound, 'networkPolicy', { enabled: true })), 'NetworkPolicy');
  t.match(spec.ingress, [{ ports: [{ port: 'http' }] }, { ports: [{ port: 'ops' }], from: [{ podSelector: {} }] }]);
  t.notOk('from' in (spec.ingress[0] ?? {}));
});

/** Where a rule lets out to: `TCP 443`, in the order of the rules. */
async function waysOut(values: Values) {
  const { spec } = find<PolicySpec>(await render(change(values, 'networkPolicy.enabled', true)), 'NetworkPolicy');
  return spec.egress.map(({ ports, to }) => ({ ports: ports.map(({ port, protocol }) => `${protocol} ${port}`), to }));
}

async function portsOut(values: Values): Promise<readonly (readonly string[])[]> {
  return (await waysOut(values)).map(({ ports }) => ports);
}

t.test('it lets out to the name server, the provider, Graph, Redis and Halo, and nowhere else', async t => {
  t.same(await waysOut(full), [
    { ports: ['UDP 53', 'TCP 53'], to: undefined },
    { ports: ['TCP 443'], to: undefined },
    { ports: ['TCP 443'], to: [{ ipBlock: { cidr: '192.0.2.10/32' } }] },
    { ports: ['TCP 443'], to: undefined },
    { ports: ['TCP 6380'], to: [{ ipBlock: { cidr: '10.1.0.0/24' } }] },
    { ports: ['TCP 4318'], to: undefined },
  ]);
  t.notOk(has(await render(sound), 'NetworkPolicy'));
});

t.test('it lets out to the ports of the settings', async t => {
  const dns = ['UDP 53', 'TCP 53'];
  t.same(await portsOut(tables.tls ?? {}), [
    dns,
    ['TCP 443'],
    ['TCP 8444', 'TCP 80'],
    ['TCP 443', 'TCP 8445'],
    ['TCP 26379', 'TCP 26380', 'TCP 6379'],
  ]);
  const redis = async (value: object) => (await portsOut(change(sound, 'config.session.redis', value))).at(-1);
  t.same(await redis({ url: 'rediss://redis.example.com:6380/1' }), ['TCP 6380']);
  t.same(await redis({ url: 'redis://[2001:db8::1]' }), ['TCP 6379']);
  t.same(await redis({ cluster: ['a.example.com:7000', 'b.example.com:7001'] }), ['TCP 7000', 'TCP 7001']);
  t.same(await redis({ url: { env: 'REDIS_URL' } }), ['TCP 6379'], 'the usual one where it cannot be known');
  const cloud = change(sound, 'config.connections.0.graph', 'https://graph.example.com:9443');
  t.same((await portsOut(cloud))[1], ['TCP 9443']);
  t.same(
    await portsOut(tables['own-configmap'] ?? {}),
    [dns, ['TCP 443'], ['TCP 80', 'TCP 443'], ['TCP 443'], ['TCP 6379']],
    'the usual ones where the settings are not known',
  );
});

for (const [name, path, value, port] of [
  ['redis', 'config.session.redis.url', 'redis://redis.example.com:6380', 6380],
  ['halo', 'config.halo.upstream', 'https://halo.internal:8443', 8443],
  ['halo', 'config.portals.0.upstream', { url: 'https://halo.internal:8443' }, 8443],
  ['provider', 'config.connections.0.authority', 'https://login.example.com:8443', 8443],
  ['graph', 'config.connections.0.graph', 'https://graph.example.com:8443', 8443],
] as const) {
  t.test(`ports that are given and lack one of the settings: ${name} ${path}`, async t => {
    const open = (...ports: number[]) =>
      change(change(sound, path, value), 'networkPolicy', { enabled: true, egress: { [name]: { ports } } });
    t.match(await refusal(open(80, 443)), `networkPolicy.egress.${name}.ports lacks ${port}, which config names`);
    t.equal(await refusal(open(80, 443, port)), undefined);
  });
}
