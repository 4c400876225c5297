import Type from 'typebox';
import { defaults } from '../defaults.ts';
import { choice, duration, headerName, secret, section } from './primitives.ts';

const assertion = section(
  {
    header: Type.Optional(
      headerName({ description: 'The header that carries it.', default: defaults.assertionHeader }),
    ),
    lifetime: Type.Optional(duration({ description: 'How long one is good.', default: defaults.assertionLifetime })),
    key: Type.Optional(
      secret({
        description: 'PEM (PKCS#8) of an EC P-256 private key. Default: one is made and shared through the store.',
      }),
    ),
  },
  { description: 'A signed identity (JWT, ES256).' },
);

export const identity = section(
  {
    headers: Type.Optional(
      Type.Record(
        Type.String(),
        Type.String({
          title: 'Text',
          pattern: '^[^\\u0000-\\u001f\\u007f]*$',
          patternErrorMessage: 'Expected text without control characters',
        }),
        {
          description:
            'Header names and what they carry. Giving the key replaces the default set. Placeholders: {person}, {username}, {email}, {name}, {groups}, {roles}, {tid}, {oid}, {connection}, {portal.name}, {portal.kind}.',
          default: defaults.identityHeaders,
        },
      ),
    ),
    groups: Type.Optional(
      choice(['named', 'all'], {
        description: 'Only the groups that a rule names go to Halo, or all.',
        default: defaults.identityGroups,
      }),
    ),
    assertion: Type.Optional(
      Type.Union([Type.Literal(false), assertion], {
        description: 'A signed identity beside the headers; false switches it off.',
        default: {},
      }),
    ),
  },
  { description: 'Who the person is, as Halo is told.' },
);
