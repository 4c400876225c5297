import fastify, { type FastifyBaseLogger } from 'fastify';

/** How deep a chain of causes is followed. */
const MAX_CAUSES = 5;

/** What a log line says of an error. */
interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack: string;
  readonly cause?: ErrorFields;
}

/**
 * The program's log: JSON lines on standard output, with an RFC 3339 time.
 * @param level the least severe level that is written
 * @param stream takes the lines in place of standard output
 */
export function createLog(level: string, stream?: { write(line: string): void }): FastifyBaseLogger {
  return fastify({
    logger: {
      level,
      ...(stream === undefined ? {} : { stream }),
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      // Fastify logs the target of a request in full, and a callback's target holds `code` and `state`.
      serializers: { req: ({ method }) => ({ method }), err: error => ({ ...describeError(error) }) },
    },
  }).log;
}

/**
 * Picks what is fit to be logged. Libraries hang more on their errors than that: the command that Redis refused, with the password
 * in it, or the answer of an identity provider.
 */
function describeError(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error', stack: '' };
  const { name, message, stack = '', cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: name,
    message,
    stack,
    ...(code === undefined ? {} : { code }),
    ...(cause === undefined || depth === MAX_CAUSES ? {} : { cause: describeError(cause, depth + 1) }),
  };
}
