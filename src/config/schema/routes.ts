import Type from 'typebox';
import { defaults } from '../defaults.ts';
import { addressRange, choice, filledList, flag, list, pathPattern, patterned, section, text } from './primitives.ts';

const publicRoute = section(
  {
    path: pathPattern({ description: '`*`: any run within a segment; `**`: the rest of the path, or nothing.' }),
    methods: Type.Optional(
      list(patterned('^[A-Z]+(-[A-Z]+)*$', 'a method in upper case, such as POST', { description: 'A method.' }), {
        description: 'The methods that are open. Default: all.',
      }),
    ),
  },
  { description: 'A path that is open to everybody.' },
);

export const routes = section(
  {
    defaults: Type.Optional(
      flag({ description: 'Whether the public routes of a Halo are open.', default: defaults.routeDefaults }),
    ),
    public: Type.Optional(list(publicRoute, { description: 'Further paths that are open to everybody.', default: [] })),
    grants: Type.Optional(
      list(text({ description: 'A grant type.' }), {
        description: 'What a token request may carry without a session under forced sign-in.',
        default: [...defaults.grants],
      }),
    ),
    bearer: Type.Optional(
      choice(['forward', 'refuse'], {
        description: '/api with `Authorization: Bearer` and no session: forward it without identity, or refuse it.',
        default: defaults.bearer,
      }),
    ),
  },
  { description: 'What passes without a session.' },
);

export const emergency = section(
  {
    from: filledList(addressRange({ description: 'An address or a range.' }), {
      description: 'The clients for whom no portal counts as forced.',
    }),
    until: Type.String({
      title: 'Time',
      description: 'When it ends, with its offset from UTC.',
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})$',
      patternErrorMessage: 'Expected a time such as 2026-12-31T00:00:00Z',
    }),
  },
  { description: "Opens Halo's own login for some clients, for a time. Default: none." },
);
