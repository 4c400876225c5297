import { type Finding, loadSettingsText } from '../../src/config/index.ts';

/** Settings without a finding, as lines that a test can change. */
export const sound = `version: 1
listen: 127.0.0.1:8080
trustedProxies: [10.0.0.0/24]
halo: {upstream: "http://halo.internal"}
portals:
  - {name: agents, kind: agent, url: "https://halo.example.com"}
  - {name: customers, kind: user, url: "https://halo.example.com/portal"}
connections:
  - name: default
    published: true
    tenant: aaaaaaaa-0000-4000-8000-00000000000a
    clientId: client
    credential: {secret: example}
    allow: agents-and-users
    autoRedirect: true
    agents: {groups: [11111111-0000-4000-8000-000000000001]}
session: {secret: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
`;

/** The sound settings with one line (the one that begins like `start`, leading spaces aside) replaced, and more at the end. */
export function changed(start: string, replacement: string, more = ''): string {
  const lines = sound.split('\n');
  const index = lines.findIndex(line => line.trimStart().startsWith(start));
  if (index === -1) throw new Error(`No line begins with ${start}`);
  lines.splice(index, 1, ...(replacement === '' ? [] : [replacement]));
  return lines.join('\n') + more;
}

export async function findingsOf(text: string, env: NodeJS.ProcessEnv = {}): Promise<readonly Finding[]> {
  const { findings } = await loadSettingsText(text, { file: '/nowhere/halogate.yaml', env });
  return findings;
}

/** `line:column CODE` of each finding. */
export async function briefly(text: string, env?: NodeJS.ProcessEnv): Promise<string[]> {
  return (await findingsOf(text, env)).map(({ line, column, code }) => `${line}:${column} ${code}`);
}
