/** Who may import whom. The reasons stand in docs/architecture.md; `npm run check:house` holds the rules. */

/** Modules that reach the world outside the process, and the libraries that do it for others. */
const WORLD = [
  '^(node:)?(net|tls|dns|dgram|http|http2|https|fs|fs/promises|child_process|cluster|worker_threads|stream|timers)(/|$)',
  'node_modules/(@fastify|fastify|undici|ioredis|openid-client|jose|pino)/',
];

const from = (...folders) => ({ path: `^src/(${folders.join('|')})/` });
const folder = (...folders) => `^src/(${folders.join('|')})/`;

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Data flows one way.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'What nobody imports and imports nobody is left over.',
      severity: 'error',
      from: { orphan: true, path: '^(src|demo)/' },
      to: {},
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere, or to a package that package.json does not name.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'named-packages',
      comment: 'The product imports what is named under dependencies, nothing that merely happens to be installed.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional'] },
    },
    {
      name: 'by-the-entrance',
      comment: 'A folder is entered by its index.ts.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'by-the-entrance-from-above',
      comment: 'The composition root and the command line enter folders by their index.ts too.',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: { path: '^src/[^/]+/', pathNot: '^src/[^/]+/index\\.ts$' },
    },
    {
      name: 'product-alone',
      comment: 'The product knows nothing of what is built around it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(demo|test|bench|scripts)/' },
    },
    {
      name: 'demo-is-a-stand-in',
      comment: 'The stand-ins know the gateway by its addresses alone.',
      severity: 'error',
      from: { path: '^demo/' },
      to: { path: '^(src|test|bench|scripts)/' },
    },
    {
      name: 'one-composition-root',
      comment: 'Only commands start the gateway; only cli.ts knows the commands.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/commands/' },
      to: { path: '^src/(gateway\\.ts|generation\\.ts|cli\\.ts|commands/)' },
    },
    {
      name: 'generations-of-the-gateway',
      comment: 'A generation is a part of the composition root, and entered through it alone.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/gateway\\.ts$' },
      to: { path: '^src/generation\\.ts$' },
    },
    {
      name: 'pure-decisions',
      comment: 'policy and portals do no I/O: a decision is a function of the request, the settings and the session.',
      severity: 'error',
      from: from('policy', 'portals'),
      to: { path: WORLD },
    },
    {
      name: 'pure-decisions-need-no-packages',
      comment: 'Nor do they need a package.',
      severity: 'error',
      from: from('policy', 'portals', 'pages'),
      to: { path: 'node_modules/' },
    },
    {
      name: 'portals-stand-alone',
      comment: 'portals knows the settings alone.',
      severity: 'error',
      from: from('portals'),
      to: { path: '^src/', pathNot: folder('portals', 'config') },
    },
    {
      name: 'policy-knows-portals',
      comment: 'policy knows the settings and the portals, nothing else.',
      severity: 'error',
      from: from('policy'),
      to: { path: '^src/', pathNot: folder('policy', 'portals', 'config') },
    },
    {
      name: 'settings-as-types',
      comment: 'policy, portals and pages take the settings as an argument: of config they know the types.',
      severity: 'error',
      from: from('policy', 'portals', 'pages'),
      to: { path: folder('config'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'sessions-without-http',
      comment: 'sessions knows nothing of HTTP but the text of a cookie.',
      severity: 'error',
      from: from('sessions'),
      to: {
        path: [
          '^(node:)?(http|http2|https)(/|$)',
          'node_modules/(@fastify|fastify|undici|openid-client)/',
          folder('portals', 'signin', 'proxy', 'pages', 'answers', 'ops', 'exchange', 'bridge'),
        ],
      },
    },
    {
      name: 'signin-without-proxy',
      comment: 'signin knows nothing of proxying.',
      severity: 'error',
      from: from('signin'),
      to: { path: [folder('proxy', 'exchange', 'bridge'), 'node_modules/(fastify|@fastify|ioredis|undici)/'] },
    },
    {
      name: 'proxy-without-signin',
      comment: 'proxy forwards what was decided; it signs nobody in and shows nothing.',
      severity: 'error',
      from: from('proxy'),
      to: {
        path: [
          folder('signin', 'pages', 'answers', 'ops', 'exchange', 'bridge'),
          'node_modules/(openid-client|ioredis)/',
        ],
      },
    },
    {
      name: 'pages-are-words',
      comment: 'pages makes text of words: it knows the settings and itself.',
      severity: 'error',
      from: from('pages'),
      to: { path: '^src/', pathNot: folder('pages', 'config') },
    },
    {
      name: 'pages-without-node',
      comment: 'Nor does it need anything of Node.',
      severity: 'error',
      from: from('pages'),
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'answers-know-pages',
      comment: 'answers is pages and problem documents, nothing else.',
      severity: 'error',
      from: from('answers'),
      to: { path: '^src/', pathNot: folder('answers', 'pages', 'config') },
    },
    {
      name: 'config-stands-below',
      comment: 'config is known to all and knows nobody.',
      severity: 'error',
      from: from('config'),
      to: { path: '^src/', pathNot: folder('config') },
    },
    {
      name: 'measured-by-ops',
      comment: 'What is measured tells a recorder; how that is counted and traced is known in ops alone.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/ops/' },
      to: { path: 'node_modules/(prom-client|@opentelemetry)/' },
    },
    {
      name: 'ops-stand-beside',
      comment: 'ops watches and logs; it takes part in nothing.',
      severity: 'error',
      from: from('ops'),
      to: { path: folder('policy', 'portals', 'signin', 'proxy', 'pages', 'exchange', 'bridge') },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
