/** The part of JSON Schema that the settings use, as far as messages need it. */
export interface SchemaNode {
  readonly title?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternErrorMessage?: string;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};

/** What a value is, in a message; says nothing of its content. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return String(value);
  return typeNames[typeof value] ?? 'something else';
}

/** Whether a value is of the type that a schema is about, right or wrong within it. */
export function typeMatches(schema: SchemaNode, value: unknown): boolean {
  if (schema.anyOf !== undefined) return schema.anyOf.some(branch => typeMatches(branch, value));
  if (schema.enum !== undefined) return typeof value === 'string';
  const type = Array.isArray(value) ? 'array' : typeof value;
  return schema.type === type && value !== null;
}

/** What a schema expects, in a message. */
export function expectation(schema: SchemaNode): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(expectation).join(', or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(value => JSON.stringify(value)).join(' or ');
  if (schema.patternErrorMessage !== undefined) return schema.patternErrorMessage.replace(/^Expected /, '');
  if (schema.type === 'object' && schema.properties !== undefined) {
    return `a map with ${Object.keys(schema.properties).join(', ')}`;
  }
  return schema.type === undefined ? 'another value' : (typeNames[schema.type] ?? schema.type);
}
