type Settings = Readonly<Record<string, unknown>>;

/** Settings that the demo can be started with beside its own. */
interface Extra {
  /** What the printout says of it where the demo was started without it. */
  readonly about: string;
  /** @param port the public one */
  settings(port: number): { readonly portals?: readonly Settings[] } & Settings;
  /** What can be tried with it. @param url the gateway's public origin */
  tries(url: string, folder: string): string;
}

/** A host that is not `localhost`, and leads to the same machine. */
const otherHost = (url: string | number) => `http://127.0.0.1:${typeof url === 'number' ? url : new URL(url).port}`;

/** By the name that the command line has for them. */
export const EXTRAS = {
  'native-sign-in': {
    about: "Halo's own passwords stay on one host (nativeSignIn)",
    settings: port => ({
      portals: [{ name: 'open', kind: 'user', url: otherHost(port), anonymous: true, nativeSignIn: true }],
    }),
    tries: url => `A portal on a host of its own is open to everybody, and Halo's own passwords stay there (200):
curl -i -d grant_type=password -d username=a -d password=b ${otherHost(url)}/auth/token
In a browser: ${otherHost(url)}/auth/account/login. On ${url} they are refused as ever.`,
  },
  'bearer-refuse': {
    about: 'A token of Halo does not take the place of a session (routes.bearer: refuse)',
    settings: () => ({ routes: { bearer: 'refuse' } }),
    tries:
      url => `Where sign-in is forced, a program with a token of Halo needs a session as well (401 SIGN_IN_REQUIRED; without this
setting, and in an emergency, 200):
curl -i -H 'Authorization: Bearer x' ${url}/api/tickets`,
  },
  emergency: {
    about: 'For an hour nothing is forced on this machine (emergency)',
    settings: () => ({
      emergency: { from: ['127.0.0.1'], until: new Date(Date.now() + 3_600_000).toISOString() },
    }),
    tries: (
      url,
      folder,
    ) => `For an hour nothing is forced on this machine: a password reaches Halo (200), and each is an audit event.
curl -i -d grant_type=password -d username=a -d password=b ${url}/auth/token
grep -h emergency-use ${folder}/*.log`,
  },
} as const satisfies Readonly<Record<string, Extra>>;

export type ExtraName = keyof typeof EXTRAS;

/** Whether a text names one. */
export function isExtra(text: string): text is ExtraName {
  return Object.hasOwn(EXTRAS, text);
}

export const EXTRA_NAMES: readonly ExtraName[] = Object.keys(EXTRAS).filter(isExtra);
