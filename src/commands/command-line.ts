import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Arguments, Command, Option } from './command.ts';
import { COMMANDS, type CommandName, findCommand } from './table.ts';

/** What a command line asks for, or why it is not understood. */
export type CommandLine =
  | { readonly command: 'help' | 'version' }
  | { readonly command: CommandName; readonly given: Arguments }
  | {
      readonly problem: string;
      /** The command that was meant, where that is clear. */
      readonly command?: CommandName;
    };

type Given = Readonly<Record<string, string | boolean | undefined>>;

/** Every option of any command: which one is meant is known only once all words have been read. */
const OPTIONS: NonNullable<ParseArgsConfig['options']> = {
  ...Object.fromEntries(
    Object.values<Command>(COMMANDS).flatMap(({ options }) =>
      Object.entries<Option>(options).map(([name, { type }]) => [name, { type }]),
    ),
  ),
  config: { type: 'string' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
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
  const [word, ...rest] = positionals;
  if (word === undefined) return { problem: 'a command is missing' };
  const command = findCommand(word);
  if (command === undefined) return { problem: `unknown command "${word}"` };
  const problem = wordProblem(command, rest) ?? optionProblem(command, values);
  if (problem !== undefined) return { command, problem };
  const config = String(values.config ?? env.HALOGATE_CONFIG ?? '');
  const { withoutSettings = false }: Command = COMMANDS[command];
  if (config === '' && !withoutSettings) return { command, problem: settingsMissing(command) };
  return { command, given: { config, positionals: rest, options: optionsOf(values) } };
}

function settingsMissing(command: CommandName): string {
  return `${command} needs the settings: name the file with --config FILE, or in HALOGATE_CONFIG.
Begin with a copy of config/minimal.yaml; halogate check --config FILE then says what is missing.`;
}

function wordProblem(name: CommandName, words: readonly string[]): string | undefined {
  const { positionals }: Command = COMMANDS[name];
  const surplus = words[positionals.length];
  if (surplus !== undefined) return `unexpected argument "${surplus}"`;
  for (const [index, { name: what, choices }] of positionals.entries()) {
    const word = words[index];
    if (word === undefined) return `${name} needs ${what}`;
    if (choices && !choices.includes(word)) return `${name} knows no "${word}": expected ${choices.join(' or ')}`;
  }
  return undefined;
}

function optionProblem(name: CommandName, values: Given): string | undefined {
  const { options }: Command = COMMANDS[name];
  const foreign = Object.keys(values).find(option => option !== 'config' && !Object.hasOwn(options, option));
  if (foreign !== undefined) return `${name} has no option --${foreign}`;
  for (const [option, spec] of Object.entries<Option>(options)) {
    if (spec.type === 'boolean') continue;
    const { choices, required } = spec;
    const value = values[option];
    const expected = choices?.join('|') ?? option.toUpperCase();
    if (value === undefined && required) return `${name} needs --${option} ${expected}`;
    if (value === '') return `--${option} is empty`;
    if (value !== undefined && choices && !choices.includes(String(value)))
      return `--${option} takes ${expected}, not "${value}"`;
  }
  return undefined;
}

function optionsOf(values: Given): Arguments['options'] {
  const given: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(values)) {
    if (name !== 'config' && value !== undefined) given[name] = value;
  }
  return given;
}

function parse(args: readonly string[]): { values: Given; positionals: readonly string[] } | { problem: string } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    // No option may be given several times, so none is a list.
    return { values: values as Given, positionals };
  } catch (error) {
    return { problem: firstSentence(error) };
  }
}

/** Node adds advice about positional arguments that begin with a dash, which no command takes. */
function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split(/\. |\n/, 1)[0] ?? message;
}
