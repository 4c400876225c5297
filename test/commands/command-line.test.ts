import t from 'tap';
import { readCommandLine } from '../../src/commands/command-line.ts';

const FILE = 'halogate.yaml';

t.test('commands and their options', async t => {
  t.same(readCommandLine(['serve', '--config', FILE], {}), { command: 'serve', config: FILE });
  t.same(readCommandLine([`--config=${FILE}`, 'serve'], {}), { command: 'serve', config: FILE });
  t.same(readCommandLine(['check', '--config', FILE], {}), { command: 'check', config: FILE, static: false });
  t.same(readCommandLine(['check', '--static', '--config', FILE], {}), {
    command: 'check',
    config: FILE,
    static: true,
  });
  t.same(readCommandLine(['schema'], {}), { command: 'schema' });
});

t.test('the settings file may be named in the environment; the option goes first', async t => {
  const env = { HALOGATE_CONFIG: 'other.yaml' };
  t.match(readCommandLine(['serve'], env), { config: 'other.yaml' });
  t.match(readCommandLine(['serve', '--config', FILE], env), { config: FILE });
});

t.test('help and the version are told beside anything else that is known', async t => {
  t.same(readCommandLine(['--help'], {}), { command: 'help' });
  t.same(readCommandLine(['serve', '--help'], {}), { command: 'help' });
  t.same(readCommandLine(['--version'], {}), { command: 'version' });
});

for (const [args, problem] of [
  [[], /command is missing/],
  [['sevre'], /unknown command "sevre"/],
  [['serve', 'halogate.yaml'], /unexpected argument "halogate.yaml"/],
  [['serve'], /needs --config FILE/],
  [['check', '--static'], /needs --config FILE/],
  [['serve', '--static', '--config', FILE], /serve has no option --static/],
  [['serve', '--confg', FILE], /--confg/],
  [['serve', '--config'], /--config/],
] as const) {
  t.test(`is not understood: "${args.join(' ')}"`, async t => {
    t.match(readCommandLine(args, {}), { problem });
  });
}
