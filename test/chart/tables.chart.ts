import t from 'tap';
import { loadSettingsText } from '../../src/config/index.ts';
import { lint, NAMESPACE, render, settingsOf } from './helm.ts';
import { findFault, versions } from './kubernetes.ts';
import type { PodSpec, Specified } from './objects.ts';
import { tables } from './values.ts';

for (const [name, values] of Object.entries(tables)) {
  t.test(`values of the table: ${name}`, async t => {
    await t.resolves(lint(values), 'helm lint --strict has nothing to say');
    const objects = await render(values);
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    t.same([...new Set(names)], names, 'every object has a name of its own');

    for (const version of versions) {
      for (const object of objects) {
        t.equal(await findFault(object, version), undefined, `${object.kind} is one of Kubernetes ${version}`);
      }
    }

    for (const { kind, metadata } of objects.filter(({ metadata }) => metadata.labels?.['helm.sh/chart'])) {
      t.equal(metadata.namespace, NAMESPACE, kind);
      t.equal(metadata.labels?.['app.kubernetes.io/managed-by'], 'Helm', kind);
    }

    const configMap = objects.find(object => object.kind === 'ConfigMap' && 'halogate.yaml' in dataOf(object));
    t.equal(configMap === undefined, 'existingConfigMap' in values);
    if (configMap === undefined) return;
    const { findings } = await loadSettingsText(settingsOf(configMap).text, { file: 'halogate.yaml', static: true });
    const errors = findings.filter(({ severity }) => severity === 'error');
    t.same(errors, [], 'halogate check --static has no error');
  });

  t.test(`pods may run in a namespace that is restricted: ${name}`, async t => {
    for (const pod of (await render(values)).map(podOf).filter(spec => spec !== undefined)) {
      t.match(pod.securityContext, {
        runAsNonRoot: true,
        runAsUser: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      t.equal(pod.automountServiceAccountToken, false);
      for (const container of pod.containers) {
        t.match(container.securityContext, {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          capabilities: { drop: ['ALL'] },
        });
        t.notOk('privileged' in container.securityContext);
      }
    }
  });
}

function dataOf(object: object): object {
  return 'data' in object && typeof object.data === 'object' && object.data !== null ? object.data : {};
}

function podOf(object: { readonly kind: string }): PodSpec | undefined {
  if (object.kind === 'Pod') return (object as Specified<PodSpec>).spec;
  if (object.kind === 'Deployment') return (object as Specified<{ template: { spec: PodSpec } }>).spec.template.spec;
  return undefined;
}
