import t from 'tap';
import { sendRaw, wholeAnswer } from '../support/raw.ts';
import { type Example, fieldsOf, requestOf, workedExamples } from '../support/worked-examples.ts';
import { startWorld, type World } from '../support/world.ts';

type Assertions = Pick<typeof t, 'equal' | 'match' | 'ok'>;

for (const { name, settings, examples } of workedExamples) {
  t.test(`the worked examples under the settings "${name}", on the wire`, async t => {
    const world = await startWorld(t, { settings });
    for (const example of examples) {
      await t.test(`${example.who} ${example.as} ${example.request}`, t => check(t, world, example));
    }
  });
}

async function check(t: Assertions, world: World, example: Example): Promise<void> {
  world.halo.clear();
  const answer = await sendRaw(world.address, await message(world, example), wholeOrUpgraded);
  const status = answer.statuses.at(-1);
  const arrived = world.halo.received.at(-1);
  if (typeof example.out === 'number') {
    t.equal(status, example.out);
    t.equal(arrived, undefined, 'nothing reached Halo');
    return;
  }
  if (example.out === 'sign-in') {
    t.equal(status, 302);
    t.match(answer.text, /\r\nlocation: \/\.halogate\/sign-in\?return=/i);
    t.equal(arrived, undefined, 'nothing reached Halo');
    return;
  }
  t.ok(arrived, 'it reached Halo');
  const { pathname, search } = new URL(example.request.split(' ')[1] ?? '');
  t.equal(arrived?.target, example.path ?? pathname + search);
  const names = (arrived?.rawHeaders ?? []).filter((_, at) => at % 2 === 0).map(field => field.toLowerCase());
  t.equal(names.includes('x-halo-assertion'), example.out === 'identity');
  t.equal(names.includes('x-halo-object-id'), example.out === 'identity');
}

function wholeOrUpgraded(text: string): boolean {
  return wholeAnswer(text) || text.startsWith('HTTP/1.1 101') || /\r\n0\r\n\r\n$/.test(text);
}

async function message(world: World, example: Example): Promise<string> {
  const { method, host, target } = requestOf(example);
  const body = example.form ?? example.body;
  const fields = {
    host,
    ...(await fieldsOf(world, example)),
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  };
  const lines = Object.entries(fields).map(([field, value]) => `${field}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
}
