import t from 'tap';
import { checkOf } from '../support/check-request.ts';
import { type Example, fieldsOf, requestOf, workedExamples } from '../support/worked-examples.ts';
import { startWorld, type World } from '../support/world.ts';

type Assertions = Pick<typeof t, 'equal' | 'match'>;

for (const { name, settings, examples } of workedExamples) {
  t.test(`the worked examples under the settings "${name}", by forward-auth`, async t => {
    const world = await startWorld(t, { settings });
    for (const example of examples) {
      await t.test(`${example.who} ${example.as} ${example.request}`, t => check(t, world, example));
    }
  });
}

/** A proxy is told what the gateway itself would do, but for what it must not forward by itself. */
async function check(t: Assertions, world: World, example: Example): Promise<void> {
  const { method, host, target } = requestOf(example);
  world.halo.clear();
  const answer = await checkOf(world, {
    'x-forwarded-method': method,
    'x-forwarded-host': host,
    'x-forwarded-uri': target,
    ...(await fieldsOf(world, example)),
  });
  t.equal(answer.status, expected(example, target));
  t.equal(answer.headers['set-cookie'], undefined);
  if (answer.status === 200) {
    t.equal(answer.headers['x-halo-object-id'] !== '', example.out === 'identity');
    t.equal(answer.headers['x-halo-assertion'] !== '', example.out === 'identity');
  }
  if (answer.status === 401 && example.out === 'sign-in') {
    t.match(answer.headers.location, new RegExp(`^https://${host}/\\.halogate/sign-in\\?return=`, 'i'));
  }
  t.equal(world.halo.received.length, 0, 'nothing reached Halo');
}

function expected({ out, path }: Example, target: string): number {
  // The gateway's to serve, or forwarded in another form than it was received.
  if (/^(\/portal)?\/(auth|haloauth|\.halogate)(\/|\?|$)/i.test(target) || path !== undefined) return 403;
  if (new URL(target, 'https://halo.example.com').pathname !== target.split('?')[0]) return 403;
  if (out === 'forward' || out === 'identity') return 200;
  if (out === 'sign-in') return 401;
  // Of no place, or of no portal.
  return out === 400 || out === 421 ? 403 : out;
}
