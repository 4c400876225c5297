import type { Command } from './command.ts';

/** Commands are imported when they are asked for: the short ones need not load the server. */
export const COMMANDS = {
  serve: {
    positionals: [],
    options: {},
    synopsis: '--config FILE',
    summary: ['serve until SIGTERM'],
    run: async ({ config }) => (await import('./serve.ts')).serve({ config }),
  },
  check: {
    positionals: [],
    options: { static: { type: 'boolean' } },
    synopsis: '--config FILE [--static]',
    summary: [
      'print what is wrong with the settings; --static leaves out',
      'what lies outside the file (secrets, certificates)',
    ],
    run: async ({ config, options }) => (await import('./check.ts')).check({ config, static: options.static === true }),
  },
  explain: {
    positionals: [{ name: 'METHOD' }, { name: 'URL' }],
    options: {
      as: { type: 'string', choices: ['nobody', 'user', 'agent'], required: true },
      connection: { type: 'string' },
      json: { type: 'boolean' },
    },
    synopsis: 'METHOD URL --as nobody|user|agent [--connection NAME] --config FILE [--json]',
    summary: [
      'print what would become of a request, taken as a navigation: its portal,',
      'the row of the decision table, and why; asks nobody, needs no secret',
    ],
    run: async ({ config, positionals: [method = '', url = ''], options: { as, connection, json } }) =>
      (await import('./explain/explain.ts')).explain({
        config,
        method,
        url,
        as: as === 'agent' || as === 'user' ? as : 'nobody',
        ...(typeof connection === 'string' ? { connection } : {}),
        json: json === true,
      }),
  },
  'redirect-uris': {
    positionals: [],
    options: { json: { type: 'boolean' } },
    synopsis: '--config FILE [--json]',
    summary: ['print what to register at the identity provider'],
    run: async ({ config, options }) =>
      (await import('./redirect-uris.ts')).redirectUris({ config, json: options.json === true }),
  },
  doctor: {
    positionals: [],
    options: {},
    synopsis: '--config FILE',
    summary: [
      'try what the gateway needs, from this machine: providers, credentials,',
      'Redis, Halo; a line each, with a way to mend; 1 where something fails',
    ],
    run: async ({ config }) => (await import('./doctor/doctor.ts')).doctor({ config }),
  },
  sessions: {
    positionals: [{ name: 'list or revoke', choices: ['list', 'revoke'] }],
    options: {
      person: { type: 'string' },
      tenant: { type: 'string' },
      connection: { type: 'string' },
      all: { type: 'boolean' },
      json: { type: 'boolean' },
    },
    synopsis: 'list|revoke --person ID|--tenant ID|--connection NAME|--all --config FILE [--json]',
    summary: [
      'print the sessions in Redis, all unless something is named, or end those',
      'that are named: every gateway refuses them within a second',
    ],
    run: async ({ config, positionals: [action], options }) =>
      (await import('./sessions.ts')).sessions({
        config,
        action: action === 'revoke' ? 'revoke' : 'list',
        options,
      }),
  },
  tenants: {
    positionals: [],
    options: {},
    synopsis: '--config FILE',
    summary: [
      'print the tenants of each multi-tenant connection, and why their',
      'people are admitted or not; asks Microsoft Graph',
    ],
    run: async ({ config }) => (await import('./tenants.ts')).tenants({ config }),
  },
  schema: {
    positionals: [],
    options: {},
    withoutSettings: true,
    synopsis: '',
    summary: ['print the JSON Schema of the settings'],
    run: async () => (await import('./schema.ts')).schema(),
  },
  probe: {
    positionals: [],
    options: { live: { type: 'boolean' } },
    synopsis: '--config FILE [--live]',
    summary: [
      'ask the gateway that runs with these settings on this machine',
      'whether it is ready (--live: whether it is alive)',
    ],
    run: async ({ config, options }) => (await import('./probe.ts')).probe({ config, live: options.live === true }),
  },
} satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof COMMANDS;

/** @returns undefined for a word that is no command */
export function findCommand(word: string): CommandName | undefined {
  return isCommand(word) ? word : undefined;
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}
