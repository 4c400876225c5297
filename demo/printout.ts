import { EXTRA_NAMES, EXTRAS, type ExtraName } from './extras.ts';

/** A running gateway, as far as the printout names it. */
interface Gateway {
  readonly pid: number;
  /** The origin of its ops listener. */
  readonly ops: string;
  /** Its settings file. */
  readonly settings: string;
}

/** What the printout names. */
export interface Running {
  /** The gateway's public origin. */
  readonly url: string;
  readonly halo: string;
  readonly folder: string;
  readonly gateways: readonly Gateway[];
  /** What it was started with. */
  readonly extras: readonly ExtraName[];
}

/** What the demo tells whoever started it. */
export function printout({ url, halo, folder, gateways, extras }: Running): string {
  return `
Halogate is running in front of a stand-in for Halo, with stand-ins for Microsoft Entra ID and Microsoft Graph.

  Agent app        ${url}/
  User portal      ${url}/portal
  Halo itself      ${halo}  (in real life nobody but the gateway reaches it)
  Settings, logs   ${folder}
  Gateway          process ${gateways.map(({ pid }) => pid).join(' and ')}

There are three ways to sign in. "default" is for the people of Example; its agents are those of a group. "partners" is
for the people of Example and of Partner. "csp" is for the customers of Example, as Microsoft Graph lists them.

  Agnes is an agent. Ulrich is a user. Gina is a guest. Dora's account is disabled. Petra is of Partner, which she
  administers: there she has given herself the role of the agents. Otto is of Elsewhere, a customer. Connie's account
  is a private one. Mona is an agent in more groups than a token holds.

Signing in and out:

  1. Open ${url}/ticket?id=42&url=https://elsewhere.example/x%20y
     A page asks how. Enter agnes@example.com, which leads to "default", and choose Agnes: you come back to exactly
     this page, and it shows who Halo believes you are.
  2. Sign out (the link on the page, or ${url}/.halogate/sign-out) and open ${url}/ again:
     a page waits for your click, nobody is signed in by surprise. What you used last comes first. Sign in with
     "default" as Ulrich: the agent app is not for him, and the page leads him to the portal or to another account.
  3. Sign out and choose "default" and Gina: a guest may use the portal, not the agent app.
  4. Choose "default" and Otto, Dora or Cancel: each ends in a page that says what to do.
  5. Choose "partners" and Petra: the role that she has given herself does not open the agent app, the portal is hers.
     Choose "partners" and Otto: his organisation is not listed, and page and log name it. Or Connie: a private
     account is never let in.
  6. Open ${url}/portal and choose "csp" and Otto: his organisation is a customer.
     Which ones are:
     node dist/cli.js tenants --config ${gateways[0]?.settings}
     How many, and how old the list is:
     curl ${gateways[0]?.ops}/status
  7. Open ${url}/ticket, choose "default" and Mona: her groups are too many for her token, so the gateway asks
     Microsoft Graph for them, and she is an agent.

Forced sign-in:

  8. A password does not get past it (403 NATIVE_SIGN_IN_REFUSED):
     curl -i -d grant_type=password -d username=a -d password=b ${url}/auth/token
     Nor in disguise:
     curl -i --path-as-is -d grant_type=PassWord -d grant_type=refresh_token ${url}/portal/auth/./TOKEN
  9. A program without a session gets a problem document (401 SIGN_IN_REQUIRED), not a redirect:
     curl -i ${url}/api/tickets
 10. An integration with its own client still gets in (200):
     curl -i -d grant_type=client_credentials -d client_id=i -d client_secret=s ${url}/auth/token
 11. A public route needs nobody (200):
     curl -i ${url}/api/authinfo
 12. Nor does a browser that asks whether it may (a CORS preflight, 200); what it then asks for does (401):
     curl -i -X OPTIONS -H 'Origin: https://app.example' -H 'Access-Control-Request-Method: POST' ${url}/api/echo
     curl -i -X POST -H 'Origin: https://app.example' ${url}/api/echo
 13. A forged identity never reaches Halo (the answer lists the headers that Halo received):
     curl -s -H 'X-Forwarded-User: admin' -H 'Authorization: Bearer x' ${url}/api/echo

Sessions:

 14. Sign in as Agnes and open ${url}/chat: a WebSocket through the gateway. Sign out in another tab, and within a
     second it is closed: 1008, the session has ended.
${gateways.length > 1 ? replicas(gateways) : ''}
With other settings:

${EXTRA_NAMES.map(name => withExtra(name, extras.includes(name), url, folder)).join('\n')}

Ctrl-C ends everything.
`;
}

function replicas([first]: readonly Gateway[]): string {
  return ` 15. Two gateways share the sessions. End one of them and go on working, still signed in:
     kill -9 ${first?.pid}
`;
}

function withExtra(name: ExtraName, isOn: boolean, url: string, folder: string): string {
  if (isOn) return `  -  ${EXTRAS[name].tries(url, folder)}`;
  return `  -  ${EXTRAS[name].about}:\n     npm run demo -- --with ${name}`;
}
