import t from 'tap';
import { RELEASE, render, type Values } from './helm.ts';
import { type DeploymentSpec, find, has } from './objects.ts';
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
    t.same(http.paths.at(-1), {
      path: '/',
      pathType: 'Prefix',
      backend: { service: { name: NAME, port: { name: 'http' } } },
    });
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
      {},
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

t.test('an ingress speaks TLS to a gateway that does', async t => {
  const key = 'nginx.ingress.kubernetes.io/backend-protocol';
  const protocolOf = async (values: Values) => find(await render(values), 'Ingress').metadata.annotations?.[key];
  const { tls = {} } = tables;
  t.equal(await protocolOf(tls), 'HTTPS');
  t.match(find(await render(tls), 'Service', NAME).spec, { ports: [{ appProtocol: 'https' }] });
  t.equal(await protocolOf(full), undefined);
  t.equal(
    await protocolOf(change(tls, 'ingress.annotations', { [key]: 'HTTP' })),
    'HTTP',
    'one’s own word goes before',
  );
});
