import { EXTRA_NAMES, EXTRAS, type ExtraName } from './extras.ts';
import { forcedSignIn, type Running, replicas, sessions, signingInAndOut } from './tries.ts';

/** What the demo tells whoever started it. */
export function printout(running: Running): string {
  const { url, halo, folder, gateways, redis } = running;
  const parts = [
    ['Signing in and out', signingInAndOut(running)],
    ['Forced sign-in', forcedSignIn(running)],
    ['Sessions', [...sessions(running), ...(gateways.length > 1 ? replicas(running) : [])]],
  ] as const;
  let number = 0;
  const tries = parts.map(([title, texts]) => {
    const items = texts.map(text => `${String(++number).padStart(3)}. ${indented(text)}\n`);
    return `${title}:\n\n${items.join('')}`;
  });
  return `
Halogate is running in front of a stand-in for Halo, with stand-ins for Microsoft Entra ID and Microsoft Graph.

  Agent app        ${url}/
  User portal      ${url}/portal
  Halo itself      ${halo}  (in real life nobody but the gateway reaches it)
  Settings, logs   ${folder}
  Gateway          process ${gateways.map(({ pid }) => pid).join(' and ')}
${redis === undefined ? '' : `  Redis            ${redis}\n`}
There are three ways to sign in; the agent app offers the first two. "default" is for the people of Example; its agents
are those of a group. "partners" is for the people of Example and of Partner. "csp" is for the customers of Example, as
Microsoft Graph lists them.

  Agnes is an agent. Ulrich is a user. Gina is a guest. Dora's account is disabled. Petra is of Partner, which she
  administers: there she has given herself the role of the agents. Otto is of Elsewhere, a customer. Connie's account
  is a private one. Mona is an agent in more groups than a token holds.

${tries.join('\n')}
With other settings:

${EXTRA_NAMES.map(name => withExtra(name, running)).join('\n')}

Ctrl-C ends everything.
`;
}

function withExtra(name: ExtraName, { extras, url, folder }: Running): string {
  if (extras.includes(name)) return `  -  ${indented(EXTRAS[name].tries(url, folder))}`;
  return `  -  ${EXTRAS[name].about}:\n     npm run demo -- --with ${name}`;
}

/** Every line but the first stands below the beginning of the first one's words. */
function indented(text: string): string {
  return text.replaceAll('\n', '\n     ');
}
