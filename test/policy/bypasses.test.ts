import t from 'tap';
import { isMisplaced } from '../../src/portals/index.ts';
import { agent, judgeOf } from '../support/policy.ts';

const HALO = 'https://halo.example.com';
const judge = await judgeOf({ routes: { public: [{ path: '/public/**' }] } });

/** What nobody may read without signing in, asked for in ways that look like a public route. */
const DISGUISES: readonly string[] = [
  '/public/../admin',
  '/public/./../admin',
  '/public/x/../../admin',
  '/public/%2e%2e/admin',
  '/public/%2E./admin',
  '/public/.%2e/admin',
  '/public//../admin',
  '/public/..//admin',
  '//public/../admin',
  '/public/..%2fadmin',
  '/public%2f..%2fadmin',
  '/public/..%5cadmin',
  '/public\\..\\admin',
  '/public/..\\admin',
  '/public/..;/admin',
  '/public/..;x=y/admin',
  '/public/%2e%2e;/admin',
  '/public/.;/../admin',
  '/public;x/../admin',
  '/admin;/public',
  '/admin;/../public/../admin',
  '/public%00/../admin',
  '/admin%00/public',
  '/admin%00.js',
  '/admin%0d%0a/public',
  '/public/%252e%252e/admin',
  '/public/%25%32%65%25%32%65/admin',
  '/public/..%252fadmin',
  '/public/%c0%ae%c0%ae/admin',
  '/public/..%c0%afadmin',
  '/public/%u002e%u002e/admin',
  '/public/%25u002e%25u002e/admin',
  '/public/...//admin',
  '/public/..%20/admin',
  '/public/..%09/admin',
  '/public./../admin',
  '/admin#/public',
  '/admin%23/public',
  '/admin%23/../../public/../admin',
  '/admin?/public',
  '/admin?path=/public',
  '/admin%3f/public',
  '/admin/public',
  '/publicx',
  '/publi',
  '/%70ublicadmin',
  '/(S(public))/admin',
  '/public/(S(x))/../admin',
  '/x/public/y',
  'public/x',
  '*',
  'http://elsewhere.example/public/x',
  'http://halo.example.com@elsewhere.example/public/x',
  'https://halo.example.com/public/../admin',
  'https://halo.example.com//public/../admin',
  'https://halo.example.com/admin?/public',
];

t.test('no disguise makes a path public, and none changes what is forwarded', async t => {
  for (const target of DISGUISES) {
    const place = judge.locate('GET', target, 'halo.example.com');
    if (isMisplaced(place)) {
      t.equal(place.refused, 'BAD_TARGET', target);
      continue;
    }
    const { key, path } = place.target;
    t.notOk(key === '/public' || key.startsWith('/public/'), `${target} is ${key}`);
    t.equal(judge.decide(`GET ${HALO}${path}`).rule, 12, target);
  }
});

t.test('the routes themselves stay public however they are written', async t => {
  for (const target of [
    '/public',
    '/PUBLIC/X',
    '/public/',
    '/public/x?y=/../..',
    '/p%75blic/a%20b',
    '/x/../public/y',
  ]) {
    t.equal(judge.decide(`GET ${HALO}${target}`).rule, 3, target);
  }
});

t.test('no header makes a path public or another path', async t => {
  for (const [name, value] of [
    ['user-agent', 'GoogleHC/1.0'],
    ['user-agent', 'kube-probe/1.30'],
    ['x-original-url', '/public/x'],
    ['x-original-uri', '/public/x'],
    ['x-rewrite-url', '/public/x'],
    ['x-forwarded-uri', '/public/x'],
    ['x-forwarded-prefix', '/public'],
    ['x-forwarded-host', 'support.example.com'],
    ['forwarded', 'host=support.example.com'],
    ['x-http-method-override', 'OPTIONS'],
    ['x-forwarded-user', 'admin'],
    ['referer', 'https://halo.example.com/public/x'],
  ] as const) {
    t.match(judge.decide(`GET ${HALO}/admin`, undefined, { headers: { [name]: value } }), { rule: 12 }, name);
  }
});

t.test('a session does not help either: the decision is on the path that is forwarded', async t => {
  const place = judge.place(`GET ${HALO}/public/%2e%2e/admin`);
  t.equal(place.place.target.path, '/admin');
  t.match(judge.decide(`GET ${HALO}/public/%2e%2e/admin`, agent()), { rule: 6, outcome: 'identity' });
  t.match(judge.decide(`GET ${HALO}/admin/%2e%2e/public/x`, agent()), { rule: 3, outcome: 'forward' });
});
