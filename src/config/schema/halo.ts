import Type from 'typebox';
import { defaults } from '../defaults.ts';
import { duration, file, list, pathPattern, patterned, section, text, url } from './primitives.ts';

/** An address, or an address with the TLS material of a private network. */
export function upstream(description: string) {
  return Type.Union(
    [
      url({ description: 'The address.' }),
      section(
        {
          url: url({ description: 'The address: http or https, without a path.' }),
          ca: Type.Optional(file({ description: 'PEM file of the certificate authorities that alone are trusted.' })),
          cert: Type.Optional(file({ description: 'PEM file of the client certificate that the gateway shows.' })),
          key: Type.Optional(file({ description: 'PEM file of the private key of `cert`.' })),
          servername: Type.Optional(
            text({ description: 'The name that the certificate must carry, where it is not the host of `url`.' }),
          ),
        },
        { description: 'An address with its private TLS material. Certificates are verified, always.' },
      ),
    ],
    { description },
  );
}

export const halo = section(
  {
    upstream: upstream('The Halo behind the gateway: http or https, without a path.'),
    authPath: Type.Optional(
      patterned('^/[^?#\\\\%\\s]+$', 'a path such as /auth', {
        description: "Halo's authorization path; on-premise installations may differ.",
        default: defaults.authPath,
      }),
    ),
    shared: Type.Optional(
      list(pathPattern({ description: '`*`: any run within a segment; `**`: the rest of the path, or nothing.' }), {
        description: 'Backend paths that all portals of a host use, beside `{authPath}/**` and `/api/**`.',
        default: [],
      }),
    ),
    timeout: Type.Optional(
      duration({ description: 'The time to the first byte of an answer.', default: defaults.haloTimeout }),
    ),
  },
  { description: 'The Halo behind the gateway.' },
);
