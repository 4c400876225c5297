import t from 'tap';
import { RELEASE, render } from './helm.ts';
import { type DeploymentSpec, find, has, type PodSpec } from './objects.ts';
import { change, full, sound, tables } from './values.ts';

const NAME = `${RELEASE}-halogate`;

interface IngressSpec {
  readonly ingressClassName?: string;
  readonly rules: readonly { readonly host: string; readonly http: { readonly paths: readonly object[] } }[];
}

t.test('the public Service has no way to health and metrics', async t => {
  const service = find<{ ports: object[]; selector: object }>(await render(sound), 'Service', NAME);
  t.match(service.spec.ports, [{ name: 'http', port: 80, targetPort: 'http' }]);
  t.equal(service.spec.ports.length, 1);
  const ops = find<{ ports: object[] }>(await render(sound), 'Service', `${NAME}-ops`);
  t.match(ops.spec.ports, [{ name: 'ops', port: 9090, targetPort: 'ops' }]);
});

t.test('Services choose the gateway’s pods, never that of the test', async t => {
  const objects = await render(sound);
  const { selector } = find<{ selector: Record<string, string> }>(objects, 'Service', NAME).spec;
  const chosen = (labels: Readonly<Record<string, string>> = {}) =>
    Object.entries(selector).every(([key, value]) => labels[key] === value);
  t.ok(chosen(find<DeploymentSpec>(objects, 'Deployment').spec.template.metadata.labels));
  t.notOk(chosen(find(objects, 'Pod').metadata.labels));
});

t.test('an ingress leads the hosts of the portals to the gateway, each once and whole', async t => {
  const ingress = find<IngressSpec>(await render(full), 'Ingress');
  t.same(
    ingress.spec.rules.map(({ host }) => host),
    ['halo.example.com', 'support.example.com'],
  );
  for (const { http } of ingress.spec.rules) {
    t.same(http.paths, [
      { path: '/', pathType: 'Prefix', backend: { service: { name: NAME, port: { name: 'http' } } } },
    ]);
  }
  t.equal(ingress.spec.ingressClassName, 'nginx');
  t.match(ingress.metadata.annotations, {
    'nginx.ingress.kubernetes.io/proxy-body-size': '0',
    'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
    'cert-manager.io/cluster-issuer': 'letsencrypt',
  });
  const given = find<IngressSpec>(await render(tables['own-configmap'] ?? {}), 'Ingress');
  t.same(
    given.spec.rules.map(({ host }) => host),
    ['halo.example.com'],
  );
  t.notOk(has(await render(sound), 'Ingress'));
});

t.test('an HTTPRoute does the same, and ends no upload and no WebSocket', async t => {
  const route = find(await render(full), 'HTTPRoute');
  t.match(route.spec, {
    parentRefs: [{ name: 'public', namespace: 'gateways', sectionName: 'https' }],
    hostnames: ['halo.example.com', 'support.example.com'],
    rules: [
      {
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        timeouts: { request: '0s' },
        backendRefs: [{ name: NAME, port: 8080 }],
      },
    ],
  });
  const own = change(full, 'httpRoute.hostnames', ['*.example.com']);
  t.match(find(await render(own), 'HTTPRoute').spec, { hostnames: ['*.example.com'] });
});

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

t.test('it lets out to the name server, the provider, Graph, Redis and Halo, and nowhere else', async t => {
  const { spec } = find<PolicySpec>(await render(full), 'NetworkPolicy');
  const ways = spec.egress.map(({ ports, to }) => ({
    ports: ports.map(({ port, protocol }) => `${protocol} ${port}`),
    to,
  }));
  t.same(ways, [
    { ports: ['UDP 53', 'TCP 53'], to: undefined },
    { ports: ['TCP 443'], to: undefined },
    { ports: ['TCP 443'], to: [{ ipBlock: { cidr: '192.0.2.10/32' } }] },
    { ports: ['TCP 443'], to: undefined },
    { ports: ['TCP 6380'], to: [{ ipBlock: { cidr: '10.1.0.0/24' } }] },
    { ports: ['TCP 4318'], to: undefined },
  ]);
  t.notOk(has(await render(sound), 'NetworkPolicy'));
});
