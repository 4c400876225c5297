import Type from 'typebox';
import { defaults } from '../defaults.ts';
import { duration, file, filledList, flag, list, patterned, secret, secrets, section, text } from './primitives.ts';

const node = () =>
  patterned('^(\\[[0-9a-fA-F:.]+\\]|[^\\s:/]+):[0-9]{1,5}$', 'host:port', { description: 'host:port.' });

const redis = section(
  {
    url: Type.Optional(secret({ description: 'redis://host:port/db; a secret, for it may carry a password.' })),
    sentinel: Type.Optional(
      section(
        {
          name: text({ description: 'The name of the master.' }),
          nodes: filledList(node(), { description: 'The sentinels, signed in to as `default` with `password`.' }),
        },
        { description: 'Redis under Sentinel, in place of `url`.' },
      ),
    ),
    cluster: Type.Optional(list(node(), { description: 'Nodes of a Redis Cluster, in place of `url`.' })),
    username: Type.Optional(
      text({ description: 'The ACL user; under `entra`, where it is not the object id that the token names.' }),
    ),
    password: Type.Optional(secret({ description: 'Its password.' })),
    tls: Type.Optional(
      section(
        {
          ca: Type.Optional(file({ description: 'PEM file of the certificate authorities that alone are trusted.' })),
          cert: Type.Optional(file({ description: 'PEM file of the client certificate.' })),
          key: Type.Optional(file({ description: 'PEM file of its private key.' })),
          servername: Type.Optional(
            text({
              description: 'The name that each certificate must carry, where it is not the host of the address.',
            }),
          ),
        },
        { description: 'Switches TLS on.' },
      ),
    ),
    entra: Type.Optional(
      flag({
        description:
          'Signs in with tokens of Microsoft Entra ID (workload identity), as Azure Managed Redis takes them.',
        default: false,
      }),
    ),
    keyPrefix: Type.Optional(text({ description: 'What every key begins with.', default: defaults.keyPrefix })),
  },
  { description: 'Where sessions are kept. Default: in memory, for one process only.' },
);

export const session = section(
  {
    secret: secrets({
      description: '32 bytes or more, in base64. A list rotates: the first seals, all open.',
    }),
    idle: Type.Optional(duration({ description: 'When an unused session ends.', default: defaults.idle })),
    absolute: Type.Optional(duration({ description: 'When every session ends.', default: defaults.absolute })),
    refresh: Type.Optional(
      Type.Union([duration({ description: 'The period.' }), Type.Literal(0)], {
        description: 'How often the provider is asked whether the person still may; 0: never.',
        default: defaults.refresh,
      }),
    ),
    refreshGrace: Type.Optional(
      duration({
        description: 'How long a session outlives a provider that cannot be asked.',
        default: defaults.refreshGrace,
      }),
    ),
    outageGrace: Type.Optional(
      duration({
        description: 'How long a session that this replica saw lately survives without the store.',
        default: defaults.outageGrace,
      }),
    ),
    redis: Type.Optional(redis),
  },
  { description: 'The sessions of people who signed in.' },
);
