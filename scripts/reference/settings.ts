import { settingsJsonSchema } from '../../src/config/index.ts';
import { secretReferenceTitle } from '../../src/config/schema/index.ts';
import { unsupportedPaths } from '../../src/config/unsupported.ts';

/** As much of a JSON Schema as the settings use. */
interface Node {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

const PREFACE = `# Settings

Made from the schema of the settings by \`npm run reference\`. [full.yaml](../config/full.yaml) shows the same as one annotated file;
[halogate.schema.json](../config/halogate.schema.json) is for editors. What a setting means for a request is in
[Decisions](decisions.md); what is wrong with settings is in [Error codes](errors.md#settings).

The file is YAML, of which JSON is a part. An unknown key is an error that names the nearest known one. An empty list is as if it were
left out, but for a multi-tenant connection's \`tenants\`. Relative paths lead from the directory of the file.

| Type | How it is written |
| --- | --- |
| duration | a whole number with \`ms\`, \`s\`, \`m\` or \`h\`: \`500ms\`, \`30s\`, \`15m\`, \`12h\` |
| secret | the text itself, \`{env: NAME}\` or \`{file: /path}\`; of a file one trailing newline is dropped |
| file | a path |
| directory id | the GUID of an Entra tenant |
| address range | an address, or a range such as \`10.0.0.0/24\` |
| path pattern | \`*\` stands for any run within a segment, \`**\` at the end for the rest of the path, or nothing |
`;

/** The page of all settings, one section for each key at the top. */
export function settingsPage(schema: Node = settingsJsonSchema()): string {
  const own = Object.entries(schema.properties ?? {});
  const flat = own.filter(([, node]) => rowsBelow('', node).length === 0);
  const sections = own.filter(([key]) => !flat.some(([name]) => name === key));
  return [
    PREFACE,
    `## At the top\n\n${table(flat.map(([key, node]) => row(key, node, isRequired(schema, key))))}`,
    ...sections.map(([key, node]) => section(key, node, isRequired(schema, key))),
  ].join('\n');
}

function section(key: string, node: Node, required: boolean): string {
  const how = [required ? 'Required' : '', node.type === 'array' ? 'a list' : ''].filter(Boolean).join(', ');
  const note = [...(how === '' ? [] : [`${how}.`]), ...(isUnsupported(key) ? [UNSUPPORTED] : [])].join(' ');
  const path = node.type === 'array' ? `${key}[]` : key;
  const head = `## ${key}\n\n${sentence(node)}${note === '' ? '' : ` ${note}`}\n`;
  return `${head}\n${table(rowsBelow(path, node))}`;
}

type Row = readonly [key: string, type: string, initial: string, meaning: string];

/** A row for every key at or below a node's own keys. */
function rowsBelow(path: string, node: Node): readonly Row[] {
  const branches = (node.anyOf ?? []).filter(branch => branch.title !== secretReferenceTitle);
  const holders = [node, ...branches, ...(node.items ? [node.items] : [])];
  const below = (holder: Node, prefix: string) =>
    Object.entries(holder.properties ?? {}).flatMap(([key, child]) => {
      const at = prefix === '' ? key : `${prefix}.${key}`;
      const inner = child.type === 'array' ? `${at}[]` : at;
      return [row(at, child, isRequired(holder, key)), ...rowsBelow(inner, child)];
    });
  return holders.flatMap(holder => below(holder, path));
}

function row(key: string, node: Node, required: boolean): Row {
  const initial = required ? 'required' : node.default === undefined ? '–' : `\`${plain(node.default)}\``;
  return [`\`${key}\``, typeOf(node), initial, sentence(node) + (isUnsupported(key) ? ` ${UNSUPPORTED}` : '')];
}

const UNSUPPORTED = '**Not supported yet**: `check` refuses it.';

/** Whether the key itself is refused; what stands below it is said once, there. */
function isUnsupported(key: string): boolean {
  return unsupportedPaths.includes(key.replaceAll('[]', '.*'));
}

function isRequired({ required = [] }: Node, key: string): boolean {
  return required.includes(key);
}

/** Within a cell a pipe would end it. */
function sentence({ description = '' }: Node): string {
  return description.replaceAll('|', '\\|');
}

/** The names of types in lower case, but those that are abbreviations. */
function typeOf(node: Node): string {
  if (node.const !== undefined) return `\`${plain(node.const)}\``;
  if (node.enum) return node.enum.map(value => `\`${plain(value)}\``).join(', ');
  if (node.anyOf) return [...new Set(branchTypes(node.anyOf))].join(' or ');
  if (node.type === 'array') return `list of ${node.items?.properties ? 'maps' : plural(typeOf(node.items ?? {}))}`;
  if (node.type === 'object') return 'map';
  if (node.type === 'boolean') return '`true`, `false`';
  return (node.title ?? 'text').replace(/^[A-Z](?![A-Z])/, letter => letter.toLowerCase());
}

/** A text or the place where it is kept is a secret, whichever of the two is written. */
function branchTypes(branches: readonly Node[]): readonly string[] {
  const isSecret = branches.some(({ title }) => title === secretReferenceTitle);
  if (!isSecret) return branches.map(typeOf);
  return ['secret', ...(branches.some(({ type }) => type === 'array') ? ['list of secrets'] : [])];
}

function plural(type: string): string {
  return type.startsWith('`') || type.includes(' or ') ? type : type.replace(/s?$/, type.endsWith('ss') ? 'es' : 's');
}

/** A value as YAML writes it on one line. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([key, each]) => `${key}: ${/^[{]/.test(String(each)) ? `"${each}"` : plain(each)}`)
    .join(', ')}}`;
}

function table(rows: readonly Row[]): string {
  const lines = [['Key', 'Type', 'Default', 'What it is'], ['---', '---', '---', '---'], ...rows];
  return `${lines.map(cells => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}
