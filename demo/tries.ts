import type { ExtraName } from './extras.ts';

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
  /** Host and port of the Redis that replicas share. */
  readonly redis: string | undefined;
  /** What it was started with. */
  readonly extras: readonly ExtraName[];
}

const HALOGATE = 'npm run -s halogate --';

/** What can be tried with people. */
export function signingInAndOut(running: Running): readonly string[] {
  const { url, extras } = running;
  if (extras.includes('emergency')) return voluntarily(url);
  const { ops, settings } = firstOf(running);
  return [
    `Open ${url}/ticket?id=42&url=https://elsewhere.example/x%20y
A page asks how. Enter agnes@example.com, which leads to "default", and choose Agnes: you come back to exactly
this page, and it shows who Halo believes you are.`,
    `Sign out: the link on the page, or ${url}/.halogate/sign-out. A page asks whether you mean it.
Open ${url}/ again: a page waits for your click, nobody is signed in by surprise.
What you used last comes first. Sign in with "default" as Ulrich: the agent app is not for him, and the page leads
him to the portal or to another account.`,
    `Sign out, open ${url}/ and choose "default" and Gina: a guest may use the portal, not the agent app.`,
    `Sign out, open ${url}/ and choose "default" and Otto, Dora or Cancel: each ends in a page
that says what to do.`,
    `Open ${url}/ and choose "partners" and Petra: the role that she has given herself does not
open the agent app, the portal is hers.
Sign out, open ${url}/portal and choose "partners" and Otto: his organisation is not listed,
and page and log name it. Or Connie: a private account is never let in.`,
    `Open ${url}/portal and choose "csp" and Otto: his organisation is a customer.
Which ones are:
${HALOGATE} tenants --config ${settings}
How many, and how old the list is:
curl ${ops}/status`,
    `Sign out, open ${url}/ticket and choose "default" and Mona: her groups are too many for her
token, so the gateway asks Microsoft Graph for them, and she is an agent.`,
  ];
}

/** The same in an emergency, when every page opens for anybody and signing in is for whoever asks for it. */
function voluntarily(url: string): readonly string[] {
  return [
    `Open ${url}/ticket: for an hour nobody is asked to sign in, and Halo is told of nobody.`,
    `Open ${url}/.halogate/sign-in?return=/ticket and choose "default" and Agnes: who signs in all
the same is known to Halo.
Sign out: the link on the page, or ${url}/.halogate/sign-out. A page asks whether you mean it.`,
    'Start the demo without "--with emergency" for what else there is to try with people.',
  ];
}

/** What can be tried without a session, with `curl`. */
export function forcedSignIn({ url, halo, extras }: Running): readonly string[] {
  const emergency = extras.includes('emergency');
  const forced = emergency
    ? [
        `Nothing is forced on this machine now: a program without a session reaches Halo, as nobody (200).
curl -i ${url}/api/tickets`,
      ]
    : [
        `A password does not get past it (403 NATIVE_SIGN_IN_REFUSED):
curl -i -d grant_type=password -d username=a -d password=b ${url}/auth/token
Nor in disguise:
curl -i --path-as-is -d grant_type=PassWord -d grant_type=refresh_token ${url}/portal/auth/./TOKEN`,
        `A program without a session gets a problem document (401 SIGN_IN_REQUIRED), not a redirect:
curl -i ${url}/api/tickets`,
      ];
  return [
    ...forced,
    `An integration with its own client ${emergency ? 'gets in as ever' : 'still gets in'} (200):
curl -i -d grant_type=client_credentials -d client_id=i -d client_secret=s ${url}/auth/token`,
    `A public route needs nobody (200):
curl -i ${url}/api/authinfo`,
    ...(emergency
      ? []
      : [
          `Nor does a browser that asks whether it may (a CORS preflight, 200); what it then asks for does (401):
curl -i -X OPTIONS -H 'Origin: https://app.example' -H 'Access-Control-Request-Method: POST' ${url}/api/echo
curl -i -X POST -H 'Origin: https://app.example' ${url}/api/echo`,
        ]),
    `A forged identity never reaches Halo. A public route, and whom Halo believes to see there (null):
curl -s -H 'X-Forwarded-User: admin' ${url}/api/notify/hook
Past the gateway it would be believed (admin), so nobody may get there:
curl -s -H 'X-Forwarded-User: admin' ${halo}/api/notify/hook`,
  ];
}

/** What can be tried with a session. */
export function sessions({ url }: Running): readonly string[] {
  return [
    `Sign out, sign in as Agnes and open ${url}/chat: a WebSocket through the gateway.
Sign out in another tab, and within a second it is closed: 1008, the session has ended.`,
  ];
}

/** What can be tried where gateways share their sessions. */
export function replicas(running: Running): readonly string[] {
  const { gateways } = running;
  const { settings } = firstOf(running);
  return [
    `Whose sessions live, whichever gateway has them; and an end to those of a connection, within a second:
${HALOGATE} sessions list --config ${settings}
${HALOGATE} sessions revoke --connection default --config ${settings}`,
    `The ${gateways.length} gateways share the sessions. Sign in, end one of them and go on working, still signed in:
kill -9 ${gateways.at(-1)?.pid}`,
  ];
}

function firstOf({ gateways }: Running): Gateway {
  const [first] = gateways;
  if (first === undefined) throw new RangeError('There is no gateway.');
  return first;
}
