import { type ParseArgsConfig, parseArgs } from 'node:util';

const COMMANDS = ['serve', 'check', 'redirect-uris', 'tenants', 'schema'] as const;
type CommandName = (typeof COMMANDS)[number];

/** What a command line asks for, or why it is not understood. */
export type CommandLine =
  | { readonly command: 'help' | 'version' | 'schema' }
  | { readonly command: 'serve' | 'tenants'; readonly config: string }
  | { readonly command: 'check'; readonly config: string; readonly static: boolean }
  | { readonly command: 'redirect-uris'; readonly config: string; readonly json: boolean }
  | { readonly problem: string };

const OPTIONS = {
  config: { type: 'string' },
  static: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

/** The options that each command takes, beside `--help` and `--version`. */
const TAKES: Readonly<Record<CommandName, readonly string[]>> = {
  serve: ['config'],
  check: ['config', 'static'],
  tenants: ['config'],
  'redirect-uris': ['config', 'json'],
  schema: ['config'],
};

/**
 * Reads a command line.
 * @param args what follows the program's name
 * @param env where `HALOGATE_CONFIG` may stand
 */
export function readCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): CommandLine {
  const parsed = parse(args);
  if ('problem' in parsed) return parsed;
  const { values, positionals } = parsed;
  if (values.help) return { command: 'help' };
  if (values.version) return { command: 'version' };
  const [name, surplus] = positionals;
  if (name === undefined) return { problem: 'a command is missing' };
  const command = COMMANDS.find(known => known === name);
  if (command === undefined) return { problem: `unknown command "${name}"` };
  if (surplus !== undefined) return { problem: `unexpected argument "${surplus}"` };
  const foreign = Object.keys(values).find(option => !TAKES[command].includes(option));
  if (foreign !== undefined) return { problem: `${command} has no option --${foreign}` };
  if (command === 'schema') return { command };
  const config = values.config ?? env.HALOGATE_CONFIG;
  if (!config) return { problem: `${command} needs --config FILE, or HALOGATE_CONFIG in the environment` };
  if (command === 'redirect-uris') return { command, config, json: values.json ?? false };
  return command === 'check' ? { command, config, static: values.static ?? false } : { command, config };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return { problem: firstSentence(error) };
  }
}

/** Node adds advice about positional arguments that begin with a dash, which no command takes. */
function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split(/\. |\n/, 1)[0] ?? message;
}
