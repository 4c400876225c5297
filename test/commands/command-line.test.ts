import t from 'tap';
import { readCommandLine } from '../../src/commands/command-line.ts';
import { USAGE } from '../../src/commands/usage.ts';

const FILE = 'halogate.yaml';

function given(config: string, options: object = {}, positionals: readonly string[] = []) {
  return { config, positionals, options };
}

t.test('commands and their options', async t => {
  t.same(readCommandLine(['serve', '--config', FILE], {}), { command: 'serve', given: given(FILE) });
  t.same(readCommandLine([`--config=${FILE}`, 'serve'], {}), { command: 'serve', given: given(FILE) });
  t.same(readCommandLine(['check', '--static', '--config', FILE], {}), {
    command: 'check',
    given: given(FILE, { static: true }),
  });
  t.same(readCommandLine(['schema'], {}), { command: 'schema', given: given('') });
});

t.test('the settings file may be named in the environment; the option goes first', async t => {
  const env = { HALOGATE_CONFIG: 'other.yaml' };
  t.match(readCommandLine(['serve'], env), { given: { config: 'other.yaml' } });
  t.match(readCommandLine(['serve', '--config', FILE], env), { given: { config: FILE } });
});

t.test('help and the version are told beside anything else that is known', async t => {
  t.same(readCommandLine(['--help'], {}), { command: 'help' });
  t.same(readCommandLine(['serve', '--help'], {}), { command: 'help' });
  t.same(readCommandLine(['--version'], {}), { command: 'version' });
});

for (const [args, problem] of [
  [[], /command is missing/],
  [['sevre'], 'unknown command "sevre"; did you mean "serve"?'],
  [['frobnicate'], 'unknown command "frobnicate"'],
  [['serve', 'halogate.yaml'], 'unexpected argument "halogate.yaml"; did you mean --config halogate.yaml?'],
  [['serve', '--config', FILE, 'more'], 'unexpected argument "more"'],
  [['schema', 'more'], 'unexpected argument "more"'],
  [['serve'], /needs the settings.*--config FILE.*HALOGATE_CONFIG/],
  [['check', '--static'], /needs the settings/],
  [['serve', '--static', '--config', FILE], /serve has no option --static/],
  [['serve', '--confg', FILE], 'unknown option "--confg"; did you mean "--config"?'],
  [['--confg', FILE, 'serve'], 'unknown option "--confg"; did you mean "--config"?'],
  [['serve', '-q'], 'unknown option "-q"'],
  [['serve', '--config'], '--config needs a value: --config FILE'],
  [['check', '--config', '--static'], '--config needs a value: --config FILE'],
  [['check', '--config='], /needs the settings/],
  [['check', '--static=yes', '--config', FILE], '--static takes no value'],
  [['explain', '--as'], '--as needs a value: --as nobody|user|agent'],
] as const) {
  t.test(`is not understood: "${args.join(' ')}"`, async t => {
    t.match(readCommandLine(args, {}), { problem });
  });
}

t.test('the usage fits a terminal', async t => {
  for (const line of USAGE.split('\n')) t.ok(line.length <= 108, line);
});
