import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import t from 'tap';

const run = promisify(execFile);

/** Prints the modules that are loaded for a telemetry with these settings. */
const PROGRAM = `
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
const { createTelemetry } = await import(process.argv[1]);
const log = { warn() {}, info() {}, error() {} };
const { close } = await createTelemetry({ audit: {}, ...JSON.parse(process.argv[2]), log });
await close();
console.log(JSON.stringify(loaded));
`;

async function packagesLoaded(settings: object): Promise<readonly string[]> {
  const telemetry = new URL('../../src/ops/telemetry.ts', import.meta.url).href;
  const args = ['--input-type=module', '--eval', PROGRAM, telemetry, JSON.stringify(settings)];
  const { stdout } = await run(process.execPath, args, { env: { PATH: process.env.PATH } });
  const urls = JSON.parse(stdout) as string[];
  return [...new Set(urls.flatMap(url => /node_modules\/(@opentelemetry\/[^/]+)\//.exec(url)?.[1] ?? []))];
}

t.test('OpenTelemetry is loaded where there is tracing alone', async t => {
  // prom-client brings the interfaces.
  t.same(await packagesLoaded({}), ['@opentelemetry/api']);
  t.ok((await packagesLoaded({ tracing: { endpoint: 'http://127.0.0.1:1' } })).includes('@opentelemetry/sdk-trace'));
});
