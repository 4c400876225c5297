import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import t from 'tap';
import type { AssertionConfig } from '../../src/config/index.ts';
import { type Assertions, createAssertions, SharedKeys, type SharedValues } from '../../src/proxy/index.ts';
import { createSealer } from '../../src/sessions/index.ts';
import { aPortal, aSession } from '../support/forwarding.ts';

const CONFIG: AssertionConfig = { header: 'X-Halo-Assertion', lifetime: 60_000 };
const SEALER = createSealer([Buffer.alloc(32, 1)]);
const START = Date.UTC(2030, 0, 1);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const portal = aPortal({ url: 'https://halo.example.com/portal', path: '/portal', name: 'customers', kind: 'user' });

/** What replicas share: a store that can be away, and a clock. */
class World implements SharedValues {
  time = START;
  away = false;
  asked = 0;
  readonly values = new Map<string, Buffer>();

  async get(name: string): Promise<Buffer | undefined> {
    this.asked += 1;
    if (this.away) throw new Error('away');
    return this.values.get(name);
  }

  async replace(name: string, expected: Buffer | undefined, value: Buffer): Promise<boolean> {
    if (this.away) throw new Error('away');
    const actual = this.values.get(name);
    if (!(expected ? actual?.equals(expected) : actual === undefined)) return false;
    this.values.set(name, value);
    return true;
  }

  keys(sealer = SEALER): SharedKeys {
    return new SharedKeys({ shared: this, sealer, now: () => this.time });
  }

  replica(sealer = SEALER): Assertions {
    return createAssertions({ config: CONFIG, sharedKeys: this.keys(sealer), now: () => this.time });
  }
}

function verify(token: string, jwks: JSONWebKeySet, time: number): ReturnType<typeof jwtVerify> {
  return jwtVerify(token, createLocalJWKSet(jwks), {
    algorithms: ['ES256'],
    issuer: 'https://halo.example.com',
    audience: 'https://halo.example.com/portal',
    currentDate: new Date(time),
  });
}

const sign = (assertions: Assertions): Promise<string> => assertions.sign(aSession(), portal, ['g1']);
const kids = async (assertions: Assertions): Promise<(string | undefined)[]> =>
  (await assertions.jwks()).keys.map(key => key.kid);
/** Waits for what runs in the background of requests. */
async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(resolve => setImmediate(resolve));
}

async function agree(one: Assertions, two: Assertions): Promise<boolean> {
  return String(await kids(one)) === String(await kids(two));
}

t.test('the assertion says who somebody is, where, and for how long', async t => {
  const world = new World();
  const assertions = world.replica();
  const session = aSession();
  const token = await assertions.sign(session, portal, ['g1', 'g2']);
  const { payload, protectedHeader } = await verify(token, await assertions.jwks(), world.time);
  t.match(payload.jti, /^[0-9a-f-]{36}$/);
  t.same(
    { ...payload, jti: undefined },
    {
      iss: 'https://halo.example.com',
      aud: 'https://halo.example.com/portal',
      sub: session.person.id,
      iat: START / 1_000,
      exp: START / 1_000 + 60,
      jti: undefined,
      email: 'ada@example.com',
      email_verified: true,
      name: 'Ada Lovelace',
      groups: ['g1', 'g2'],
      portal: { name: 'customers', kind: 'user' },
      tid: session.person.tid,
      oid: session.person.oid,
      connection: 'default',
    },
  );
  t.equal(protectedHeader.alg, 'ES256');
  await t.rejects(verify(token, await assertions.jwks(), world.time + 2 * MINUTE), 'it expires');
  await t.rejects(verify(token, await new World().replica().jwks(), world.time), 'other keys do not verify it');
});

t.test('an address that does not count is left out, and so is that it is verified', async t => {
  const world = new World();
  const assertions = world.replica();
  const token = await assertions.sign(aSession({ email: '' }), portal, []);
  const { payload } = await verify(token, await assertions.jwks(), world.time);
  t.notOk('email' in payload);
  t.notOk('email_verified' in payload);
  t.same(payload.groups, []);
});

t.test('a configured key is the only one, under its thumbprint, and the store is not asked', async t => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const world = new World();
  world.away = true;
  const assertions = createAssertions({ config: { ...CONFIG, key }, sharedKeys: world.keys() });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const kid = await calculateJwkThumbprint({ kty, crv, x, y } as Parameters<typeof calculateJwkThumbprint>[0]);
  t.same(await assertions.jwks(), { keys: [{ kty, crv, x, y, kid, use: 'sig', alg: 'ES256' }] });
  const token = await sign(assertions);
  t.equal(decodeProtectedHeader(token).kid, kid);
  await verify(token, await assertions.jwks(), Date.now());
});

t.test('a configured key of another kind is refused, and the refusal does not show it', async t => {
  const pems = [
    generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    'c2VjcmV0 but no PEM',
  ];
  for (const key of pems) {
    const assertions = createAssertions({ config: { ...CONFIG, key }, sharedKeys: new World().keys() });
    const error = await sign(assertions).then(
      () => undefined,
      (error: unknown) => error,
    );
    t.ok(error instanceof TypeError);
    t.notMatch(String(error), key.includes('BEGIN') ? key.slice(30, 60) : 'c2VjcmV0');
  }
});

t.test('replicas share two keys, and what one signs the other’s key set verifies', async t => {
  const world = new World();
  const [one, two] = [world.replica(), world.replica()];
  const tokens = await Promise.all([sign(one), sign(two), sign(two)]);
  t.equal((await kids(one)).length, 2);
  t.same(await kids(one), await kids(two), 'though both started at once');
  for (const token of tokens) {
    await verify(token, await one.jwks(), world.time);
    await verify(token, await two.jwks(), world.time);
  }
  t.same(await kids(world.replica()), await kids(one), 'a third one that starts later, too');
});

t.test('the key set holds nothing private, and the store nothing readable', async t => {
  const world = new World();
  const { keys } = await world.replica().jwks();
  for (const key of keys) t.same(Object.keys(key).toSorted(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  t.notMatch([...world.values.values()].join('\n'), /PRIVATE KEY|version|current/);
});

t.test(
  'keys rotate: the next signs after it has long been published, and no assertion is ever without its key',
  async t => {
    const world = new World();
    const [one, two] = [world.replica(), world.replica()];
    await Promise.all([one.jwks(), two.jwks()]);
    const [first, second] = await kids(one);
    const live: { kid: string | undefined; until: number }[] = [];
    const sets: (string | undefined)[][] = [];
    // By the day, and by ten minutes around the changes.
    const days = Array.from({ length: 62 }, (_, day) => day * DAY);
    const changes = [30, 60].flatMap(day =>
      Array.from({ length: 60 }, (_, step) => day * DAY + (step - 20) * 10 * MINUTE),
    );
    for (const elapsed of new Set([...days, ...changes].toSorted((a, b) => a - b))) {
      world.time = START + elapsed;
      for (const replica of [one, two]) {
        live.push({ kid: decodeProtectedHeader(await sign(replica)).kid, until: world.time + MINUTE });
      }
      // What has been signed of late, by whichever replica, must be found in the key set of either.
      while ((live[0]?.until ?? Number.POSITIVE_INFINITY) < world.time - 11 * MINUTE) live.shift();
      for (const replica of [one, two]) {
        const published = await kids(replica);
        t.ok(
          live.every(({ kid }) => published.includes(kid)),
          new Date(world.time).toISOString(),
        );
        sets.push(published);
      }
      await eventually(() => agree(one, two));
    }
    t.not(live.at(0)?.kid, first, 'the first key signs no more');
    t.notOk(sets.at(-1)?.includes(first), 'nor is it published');
    t.ok(
      sets.some(set => set[0] === second),
      'its successor was the one announced',
    );
  },
);

t.test('a store that goes away after the keys were read stops nothing; before, nobody is vouched for', async t => {
  const world = new World();
  const early = world.replica();
  world.away = true;
  await t.rejects(sign(early), { message: 'away' });
  world.away = false;
  await sign(early);
  world.away = true;
  for (const days of [1, 29, 31, 90]) {
    world.time = START + days * DAY;
    await verify(await sign(early), await early.jwks(), world.time);
  }
  world.away = false;
  world.time += DAY;
  const late = world.replica();
  await eventually(() => agree(early, late));
  await verify(await sign(late), await early.jwks(), world.time);
});

t.test('a store that has lost the keys gets them back from a replica that has them', async t => {
  const world = new World();
  const one = world.replica();
  const before = await kids(one);
  world.values.clear();
  world.time += 10 * MINUTE;
  await sign(one);
  await eventually(() => world.values.size > 0);
  t.same(await kids(world.replica()), before);
});

t.test('keys outlive the secret that sealed them first, if it was rotated by the list', async t => {
  const world = new World();
  const [old, young] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const before = await kids(world.replica(createSealer([old])));
  t.same(await kids(world.replica(createSealer([old, young]))), before);
  t.same(await kids(world.replica(createSealer([young, old]))), before);
  t.same(await kids(world.replica(createSealer([young]))), before);
});

t.test('keys that do not open are replaced at the start, and left alone by a replica that has its own', async t => {
  const world = new World();
  const one = world.replica();
  const mine = await kids(one);
  const stranger = createSealer([Buffer.alloc(32, 2)]);
  const two = world.replica(stranger);
  const theirs = await kids(two);
  t.notSame(theirs, mine);
  const stored = [...world.values.values()];
  for (let round = 0; round < 3; round += 1) {
    const asked = world.asked;
    world.time += 10 * MINUTE;
    await sign(one);
    await eventually(() => world.asked > asked);
  }
  t.same(await kids(one), mine);
  t.same([...world.values.values()], stored);
});
