import Type from 'typebox';
import { defaults } from '../defaults.ts';
import { choice, duration, file, patterned, printable, section, url } from './primitives.ts';

export const tls = section(
  {
    cert: file({ description: 'PEM file of the certificate chain.' }),
    key: file({ description: 'PEM file of its private key.' }),
  },
  { description: 'TLS of the public listener; the files are watched. Default: none.' },
);

export const limits = section(
  {
    signIn: Type.Optional(
      Type.Union(
        [
          patterned('^[1-9][0-9]{0,8}/[1-9][0-9]{0,8}(ms|s|m|h)$', 'a number for a duration, such as 600/1m', {
            description: 'How many in what time.',
          }),
          Type.Literal(0),
        ],
        {
          description: 'Sign-in starts for each client address; failed callbacks a tenth of it; 0 switches it off.',
          default: defaults.signInLimit,
        },
      ),
    ),
  },
  { description: 'How much one client may ask for.' },
);

export const timeouts = section(
  {
    headers: Type.Optional(
      duration({ description: "For a client's slow request head.", default: defaults.headersTimeout }),
    ),
    idle: Type.Optional(duration({ description: 'For an idle connection.', default: defaults.idleTimeout })),
  },
  { description: 'How long a client may keep the gateway waiting.' },
);

export const drain = section(
  {
    wait: Type.Optional(
      duration({ description: 'How long the gateway is unready but serves.', default: defaults.drainWait }),
    ),
    deadline: Type.Optional(
      duration({ description: 'When connections end by force.', default: defaults.drainDeadline }),
    ),
  },
  { description: 'What happens on SIGTERM, counted from it.' },
);

export const pages = section(
  {
    title: Type.Optional(printable({ description: 'What pages call Halo.', default: defaults.title })),
    logo: Type.Optional(
      file({
        description: 'An image file that stands above every page: SVG, PNG, JPEG, GIF or WebP, at most 256 KiB.',
      }),
    ),
    support: Type.Optional(
      patterned('^(mailto:[^\\s]+|https://[^\\s]+)$', 'a mailto: or https: address', {
        description: 'Where people find help.',
      }),
    ),
  },
  { description: 'What people see of the gateway.' },
);

export const log = section(
  {
    level: Type.Optional(
      choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
        description: 'The least severe level that is written.',
        default: defaults.logLevel,
      }),
    ),
  },
  { description: 'The log on standard output.' },
);

export const audit = section(
  { file: Type.Optional(file({ description: 'The file. Default: standard output, beside the log.' })) },
  { description: 'The record of sign-ins, sign-outs and refusals.' },
);

export const tracing = section(
  { endpoint: url({ description: 'An OTLP endpoint over HTTP.' }) },
  { description: 'Traces. Default: off.' },
);
