import Type from 'typebox';
import { file, list, secret, section, text, url } from './primitives.ts';

export const bridge = section(
  {
    clientId: text({ description: "Halo's client id." }),
    clientSecret: secret({ description: "Halo's client secret." }),
    redirectUris: Type.Optional(
      list(url({ description: 'A redirect URI.' }), {
        description: "Where codes may be sent. Default: every portal's `account/openidresponse`.",
      }),
    ),
    internalUrls: Type.Optional(
      list(url({ description: 'An origin.' }), {
        description: "By which Halo's own server reaches the gateway.",
        default: [],
      }),
    ),
    backChannelSignOut: Type.Optional(
      section(
        {
          url: url({ description: 'https; http only on loopback.' }),
          ca: Type.Optional(file({ description: 'PEM file of the certificate authorities that alone are trusted.' })),
        },
        { description: 'Where Halo is told that a person signed out. Default: none.' },
      ),
    ),
  },
  { description: 'The gateway as the OpenID Provider of an unmodified Halo. Default: none.' },
);
