import t from 'tap';
import { RELEASE, render } from './helm.ts';
import { type DeploymentSpec, find, has } from './objects.ts';
import { change, full, sound, tables } from './values.ts';

const CLOSED = `${RELEASE}-halogate-404`;

interface Path {
  readonly path: string;
  readonly pathType: string;
  readonly backend: object;
}

interface IngressSpec {
  readonly rules: readonly { readonly host: string; readonly http: { readonly paths: readonly Path[] } }[];
}

t.test('an ingress leads the check of forward-auth, and what follows it, to where it is not known', async t => {
  for (const values of [full, tables.tls ?? {}, tables['own-configmap'] ?? {}, tables.single ?? {}]) {
    const { rules } = find<IngressSpec>(await render(values), 'Ingress').spec;
    t.ok(rules.length > 0);
    for (const { host, http } of rules) {
      const [first] = http.paths.filter(({ path }) => path === '/.halogate/verify');
      const name = find(await render(values), 'Service', '-404').metadata.name;
      t.same(
        first,
        { path: '/.halogate/verify', pathType: 'Prefix', backend: { service: { name, port: { name: 'http' } } } },
        host,
      );
    }
  }
});

t.test('an HTTPRoute does the same', async t => {
  const route = find<{ rules: object[] }>(await render(full), 'HTTPRoute');
  t.same(route.spec.rules[0], {
    matches: [{ path: { type: 'PathPrefix', value: '/.halogate/verify' } }],
    backendRefs: [{ name: CLOSED, port: 80 }],
  });
});

t.test('there the ops listener of the same pods answers, without a service of metrics too', async t => {
  for (const values of [full, change(sound, 'httpRoute', { enabled: true, parentRefs: [{ name: 'public' }] })]) {
    const objects = await render(change(change(values, 'metrics', { enabled: false }), 'prometheusRule', undefined));
    const { spec, metadata } = find<{ type: string; selector: object; ports: object[] }>(objects, 'Service', '-404');
    t.equal(metadata.name, CLOSED);
    t.equal(spec.type, 'ClusterIP');
    t.same(spec.selector, find<DeploymentSpec>(objects, 'Deployment').spec.selector.matchLabels);
    t.match(spec.ports, [{ name: 'http', port: 80, targetPort: 'ops' }]);
    t.notOk(metadata.labels?.['app.kubernetes.io/component'], 'a ServiceMonitor does not choose it');
  }
  t.notOk(
    has(
      (await render(sound)).filter(({ metadata }) => metadata.name === CLOSED),
      'Service',
    ),
  );
});
