/** JSON Schema, as far as it matters here. */
export type Schema = { readonly [key: string]: unknown };

/** Words for people and editors; the chart's schema decides, and leaves them to the settings' own. */
const WORDS = ['$schema', 'title', 'description', 'default', 'patternErrorMessage'];

/** An address that carries a user name or a password, or a query, in which a key could stand. */
const WITH_CREDENTIALS = '^[^/]*//[^/?#]*@|[?#]';

/** Without a query and without a user, who could be a password: `session.redis.username` is the place for one. */
const REDIS_ADDRESS = '^rediss?://[^@/?#\\s]+(/[0-9]*)?$';

/** Where nodes of Redis stand, `host:port`. */
const NODES = ['.session.redis.cluster', '.session.redis.sentinel.nodes'];

/** The content of a file in place of its name. */
const FILE_CONTENT = '-----BEGIN|[\\r\\n]';

const LOOPBACK = '^(127\\.|localhost:|\\[::1\\])';

/**
 * The schema of the settings as a chart may hold them: a ConfigMap is no place for a secret, so every secret is the place where it is
 * kept, and an address carries no password. A listener on loopback would be out of everybody's reach.
 * @param settings the schema of the settings
 */
export function chartSettingsSchema(settings: Schema): Schema {
  const schema = convert(settings, '');
  const properties = object(schema.properties);
  const reachable = (key: string) => ({ allOf: [properties[key], { not: { pattern: LOOPBACK } }] });
  return {
    ...schema,
    properties: { ...properties, listen: reachable('listen'), opsListen: reachable('opsListen') },
  };
}

/** @param path the keys that lead here, with dots between them */
function convert(schema: Schema, path: string): Schema {
  const branches = list(schema.anyOf);
  if (branches.some(isSecretReference)) return secretSchema(branches, path);
  const kept = Object.entries(schema).filter(([key]) => !WORDS.includes(key));
  const converted = Object.fromEntries(kept.map(([key, value]) => [key, convertKeyword(key, value, path)]));
  if (schema.title === 'URL') return { ...converted, not: { pattern: WITH_CREDENTIALS } };
  if (schema.title === 'File') return { ...converted, not: { pattern: FILE_CONTENT } };
  return NODES.includes(path) && schema.type === 'string' ? nodeSchema(converted) : converted;
}

/** By negation alone, as with {@link secretSchema}. */
function nodeSchema({ pattern, ...others }: Schema): Schema {
  return { ...others, not: { anyOf: [{ pattern: '@' }, { not: { pattern } }] } };
}

function convertKeyword(keyword: string, value: unknown, path: string): unknown {
  if (keyword === 'properties') {
    const entries = Object.entries(object(value));
    return Object.fromEntries(entries.map(([key, schema]) => [key, convert(object(schema), `${path}.${key}`)]));
  }
  if (keyword === 'items') return convert(object(value), path);
  if (keyword === 'anyOf') return list(value).map(branch => convert(branch, path));
  if (keyword === 'pattern') return portable(String(value));
  if (keyword === 'patternProperties') {
    const entries = Object.entries(object(value));
    return Object.fromEntries(entries.map(([key, schema]) => [portable(key), convert(object(schema), path)]));
  }
  return value;
}

/**
 * Without the literal; what Redis's address may be is said apart: doubly negated, for helm repeats a value that does not match a
 * pattern, password and all, and says of a `not` only that it failed.
 */
function secretSchema(branches: readonly Schema[], path: string): Schema {
  const kept = branches.filter(branch => branch.type !== 'string').map(branch => convert(branch, path));
  const literal = path === '.session.redis.url' ? [{ type: 'string', not: { not: { pattern: REDIS_ADDRESS } } }] : [];
  return { anyOf: [...literal, ...kept] };
}

function isSecretReference(schema: Schema): boolean {
  return schema.title === 'Secret reference';
}

/** Go, in which Helm is written, does not know `\u0000`. */
function portable(pattern: string): string {
  return pattern.replace(/\\u00([0-9a-fA-F]{2})/g, '\\x$1');
}

function object(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function list(value: unknown): Schema[] {
  return Array.isArray(value) ? value.map(object) : [];
}
