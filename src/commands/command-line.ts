import { parseArgs } from 'node:util';
import { nearest } from '../config/index.ts';
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

type Given = ReturnType<typeof parse>['values'];

/** What any command line takes. */
const COMMON = {
  config: { type: 'string' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const satisfies Readonly<Record<string, Option>>;

/** Every option of any command: which one is meant is known only once all words have been read. */
const OPTIONS: Readonly<Record<string, Option>> = {
  ...Object.assign({}, ...Object.values<Command>(COMMANDS).map(({ options }) => options)),
  ...COMMON,
};

/**
 * Reads a command line.
 * @param args what follows the program's name
 * @param env where `HALOGATE_CONFIG` may stand
 */
export function readCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): CommandLine {
  const { values, positionals, tokens } = parse(args);
  const [word, ...rest] = positionals;
  const command = word === undefined ? undefined : findCommand(word);
  const wrong = tokens.map(token => tokenProblem(token, command)).find(problem => problem !== undefined);
  if (wrong !== undefined) return command === undefined ? { problem: wrong } : { command, problem: wrong };
  if (values.help) return { command: 'help' };
  if (values.version) return { command: 'version' };
  if (word === undefined) return { problem: 'a command is missing' };
  if (command === undefined) return { problem: `unknown command "${word}"${didYouMean(word, Object.keys(COMMANDS))}` };
  const problem = wordProblem(command, rest, values) ?? optionProblem(command, values);
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

function wordProblem(name: CommandName, words: readonly string[], { config }: Given): string | undefined {
  const { positionals, withoutSettings = false }: Command = COMMANDS[name];
  const surplus = words[positionals.length];
  if (surplus !== undefined) {
    const advice = withoutSettings || config !== undefined ? '' : `; did you mean --config ${surplus}?`;
    return `unexpected argument "${surplus}"${advice}`;
  }
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
    const expected = valueText(option);
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

/** Reads without judging: of a word that is not understood, {@link tokenProblem} says more than the reader would. */
function parse(args: readonly string[]) {
  const options = Object.fromEntries(Object.entries(OPTIONS).map(([name, { type }]) => [name, { type }]));
  return parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
}

type Token = ReturnType<typeof parse>['tokens'][number];

function tokenProblem(token: Token, command: CommandName | undefined): string | undefined {
  if (token.kind !== 'option') return undefined;
  const { name, rawName, value, inlineValue } = token;
  if (!Object.hasOwn(OPTIONS, name)) return `unknown option "${rawName}"${didYouMean(rawName, knownTo(command))}`;
  if (OPTIONS[name]?.type === 'boolean') return value === undefined ? undefined : `${rawName} takes no value`;
  // What begins with a dash is the next option, unless `=` binds it.
  const isGiven = value !== undefined && (inlineValue || !value.startsWith('-'));
  return isGiven ? undefined : `${rawName} needs a value: ${rawName} ${valueText(name)}`;
}

/** The options of a command, or of all of them while it is not known which is meant, as they are written. */
function knownTo(command: CommandName | undefined): readonly string[] {
  const options = command === undefined ? OPTIONS : { ...COMMANDS[command].options, ...COMMON };
  return Object.keys(options).map(name => `--${name}`);
}

/** How the usage writes what an option takes. */
function valueText(name: string): string {
  if (name === 'config') return 'FILE';
  const option = OPTIONS[name];
  const choices = option?.type === 'string' ? option.choices : undefined;
  return choices?.join('|') ?? name.toUpperCase();
}

function didYouMean(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}
