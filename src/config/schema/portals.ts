import Type from 'typebox';
import { upstream } from './halo.ts';
import { choice, filledList, flag, list, name, section, url } from './primitives.ts';

const portal = section(
  {
    name: name({ description: 'What other settings, the log and the metrics call it. Unique.' }),
    kind: choice(['agent', 'user'], { description: 'The agent app, or a self-service portal.' }),
    url: url({
      description:
        "Its public address, with the path where it has one. It comes from here, never from a request's headers.",
    }),
    upstream: Type.Optional(upstream('Another site of the same Halo. Default: `halo.upstream`.')),
    anonymous: Type.Optional(flag({ description: 'Open to everybody: sign-in is never forced.', default: false })),
    nativeSignIn: Type.Optional(
      flag({
        description: "Halo's password login stays open on this portal's host although sign-in is forced elsewhere.",
        default: false,
      }),
    ),
    origins: Type.Optional(
      list(url({ description: 'An origin: scheme, host and port.' }), {
        description: 'Further origins that may send writes and open WebSockets.',
        default: [],
      }),
    ),
  },
  { description: 'A public entrance to Halo.' },
);

export const portals = filledList(portal, { description: 'The public entrances to Halo.' });
