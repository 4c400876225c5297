import Type, { type TProperties, type TSchema } from 'typebox';

/**
 * The `title` of a schema names the kind of value; it is what editors show, and what a finding's code follows from.
 * `patternErrorMessage` is understood by editors and reused in findings.
 */
type KeyOptions = {
  readonly description: string;
  readonly default?: unknown;
};

const guid = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';

/** A map that knows all of its keys. */
export function section<P extends TProperties>(properties: P, options: KeyOptions & { readonly oneOf?: unknown }) {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

/** A list; an empty one is as if it were left out. */
export function list<T extends TSchema>(items: T, options: KeyOptions) {
  return Type.Array(items, options);
}

/** A list that needs an entry. */
export function filledList<T extends TSchema>(items: T, options: KeyOptions) {
  return Type.Array(items, { ...options, minItems: 1 });
}

/** Schema keywords for a map of which exactly one of the keys is given. */
export function exactlyOne(...keys: string[]): { oneOf: { required: string[] }[] } {
  return { oneOf: keys.map(key => ({ required: [key] })) };
}

export function text(options: KeyOptions) {
  return Type.String({ ...options, minLength: 1 });
}

export function flag(options: KeyOptions) {
  return Type.Boolean(options);
}

export function choice<V extends string>(values: readonly V[], options: KeyOptions) {
  return Type.Enum(values, options);
}

function matching(title: string, pattern: string, expected: string, options: KeyOptions) {
  return Type.String({ title, ...options, pattern, patternErrorMessage: `Expected ${expected}` });
}

export function duration(options: KeyOptions) {
  return matching('Duration', '^[0-9]{1,9}(ms|s|m|h)$', 'a duration such as 500ms, 30s, 15m or 12h', options);
}

export function url(options: KeyOptions) {
  return matching('URL', '^[hH][tT][tT][pP][sS]?://[^\\s/]', 'an http:// or https:// URL', options);
}

export function directoryId(options: KeyOptions) {
  return matching('Directory id', `^${guid}$`, 'a GUID, 00000000-0000-0000-0000-000000000000', options);
}

export function addressRange(options: KeyOptions) {
  return matching(
    'Address range',
    '^[0-9a-fA-F:.]+(/[0-9]{1,3})?$',
    'an IP address or a CIDR range such as 10.0.0.0/24',
    options,
  );
}

export function pathPattern(options: KeyOptions) {
  return matching(
    'Path pattern',
    '^/[^?#\\\\%]*$',
    'a path that begins with "/", without "?", "#", "\\" or "%"',
    options,
  );
}

export function listenAddress(options: KeyOptions) {
  return matching(
    'Listen address',
    '^.+:[0-9]{1,5}$',
    'an address and port such as 0.0.0.0:8080 or [::]:8080',
    options,
  );
}

export function name(options: KeyOptions) {
  return matching(
    'Name',
    '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
    'a name of letters, digits, ".", "_" and "-", at most 64',
    options,
  );
}

export function domain(options: KeyOptions) {
  return matching('Domain', '^[^\\s@/:.*]+(\\.[^\\s@/:.*]+)+$', 'a domain such as example.com', options);
}

export function headerName(options: KeyOptions) {
  return matching('Header name', "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", 'a header name such as X-Example', options);
}

export function printable(options: KeyOptions) {
  return matching('Text', '^[^\\u0000-\\u001f\\u007f]+$', 'text without control characters', options);
}

/** Any other string that one regular expression describes. */
export function patterned(pattern: string, expected: string, options: KeyOptions) {
  return matching('Text', pattern, expected, options);
}

/** A file beside the settings; its content is never part of a message. */
export function file(options: KeyOptions) {
  return Type.String({ title: 'File', ...options, minLength: 1 });
}

/** The text itself, or the place where it is kept. */
export function secret(options: KeyOptions) {
  return Type.Union([Type.String(), secretReference()], options);
}

/** A secret, or a list of them. */
export function secrets(options: KeyOptions) {
  const items = Type.Union([Type.String(), secretReference()]);
  return Type.Union([Type.String(), secretReference(), Type.Array(items, { minItems: 1 })], options);
}

/** The title of the map that says where a secret is kept; findings within it quote nothing. */
export const secretReferenceTitle = 'Secret reference';

function secretReference() {
  return Type.Object(
    {
      env: Type.Optional(
        patterned('^[A-Za-z_][A-Za-z0-9_]*$', 'the name of an environment variable', {
          description: 'The environment variable that holds it.',
        }),
      ),
      file: Type.Optional(file({ description: 'The file that holds it; one trailing newline is dropped.' })),
    },
    { title: secretReferenceTitle, additionalProperties: false, ...exactlyOne('env', 'file') },
  );
}
