import type { Answer, Answers } from '../answers/index.ts';
import { methodNotAllowed, notFound, sessionMissing } from '../pages/index.ts';
import { mayWrite, portalsOpenTo } from '../policy/index.ts';
import { cookieName } from '../sessions/index.ts';
import {
  askToSignOut,
  backChannelSignOut,
  finishSignIn,
  frontChannelSignOut,
  isOfHost,
  signedOutPage,
  signInPath,
  signOut,
  startPage,
  startSignIn,
  type Visit,
} from '../signin/index.ts';
import type { Arrival } from './arrival.ts';
import type { ExchangeContext } from './context.ts';

type Handler = (context: ExchangeContext, arrival: Arrival) => Answer | Promise<Answer>;

interface Methods {
  readonly GET?: Handler;
  readonly POST?: Handler;
}

/** The gateway's own paths below `/.halogate/`: method by method. HEAD is answered as GET. */
const ROUTES: ReadonlyMap<string, Methods> = new Map([
  ['sign-in', { GET: ({ signIn }, { visit }) => startSignIn(signIn, visit) }],
  [
    'sign-out',
    {
      GET: ({ signIn }, { visit }) => askToSignOut(signIn, visit),
      POST: ({ signIn }, { visit, access }) =>
        signOut(signIn, visit, isFromThisHost(access, visit.place.hostPortals[0])),
    },
  ],
  ['front-channel-sign-out', { GET: ({ signIn }, { visit }) => frontChannelSignOut(signIn, visit) }],
  ['back-channel-sign-out', { POST: ({ signIn }, { visit }) => backChannelSignOut(signIn, visit) }],
  ['signed-out', { GET: ({ signIn }, { visit }) => signedOutPage(signIn, visit, 200) }],
  ['session', { GET: describeSession }],
  ['jwks.json', { GET: publishKeys }],
  ['style.css', { GET: ({ answers }) => answers.stylesheet() }],
  ['logo', { GET: ({ answers }, { visit }) => answers.logo() ?? unknownPath(answers, visit) }],
] satisfies [string, Methods][]);

/** Answers a request that is the gateway's own: a path below `/.halogate/`, or the callback of a sign-in that it began. */
export async function answerOwn(context: ExchangeContext, arrival: Arrival): Promise<Answer> {
  const { visit, ourState } = arrival;
  if (ourState) return finishSignIn(context.signIn, visit, ourState);
  const { route } = visit.place;
  const handlers = route.kind === 'own' ? ROUTES.get(route.name) : undefined;
  if (!handlers) return unknownPath(context.answers, visit);
  const handler = visit.method === 'POST' ? handlers.POST : handlers.GET;
  if (!handler || !['GET', 'HEAD', 'POST'].includes(visit.method)) {
    const allow = [...(handlers.GET ? ['GET', 'HEAD'] : []), ...(handlers.POST ? ['POST'] : [])].join(', ');
    return context.answers.refuse(visit.audience, {
      status: 405,
      content: methodNotAllowed(),
      headers: [['Allow', allow]],
    });
  }
  return handler(context, arrival);
}

function unknownPath(answers: Answers, { audience, place }: Visit): Answer {
  const content = notFound({ startHref: startPage(place.hostPortals[0]) });
  return answers.refuse(audience, { status: 404, content });
}

/** Further origins may send writes to Halo; signing out is for the host's own pages. */
function isFromThisHost(access: Arrival['access'], portal: Arrival['visit']['place']['hostPortals'][0]): boolean {
  return mayWrite(access, { ...portal, origins: [] });
}

/** `/.halogate/session`: the person's own session. */
async function describeSession({ answers, policy, sessions }: ExchangeContext, { visit }: Arrival): Promise<Answer> {
  const cookie = visit.cookies.get(cookieName('session', visit.secure));
  const session = cookie === undefined ? undefined : await sessions.read(cookie, visit.client);
  const { hostPortals } = visit.place;
  if (!session || !isOfHost(policy, session, hostPortals)) {
    const signIn = signInPath({});
    return answers.refuse({ ...visit.audience, page: false }, { status: 401, content: sessionMissing(), signIn });
  }
  const { person } = session;
  return answers.json(200, {
    person: person.id,
    name: person.name,
    email: person.email,
    username: person.username,
    connection: session.connection,
    portals: portalsOpenTo(policy, session, hostPortals).map(({ name }) => name),
    created: new Date(session.created).toISOString(),
    expires: new Date(session.expires).toISOString(),
  });
}

/** `/.halogate/jwks.json`: the keys of the assertion (RFC 7517 section 5); none where it is switched off. */
async function publishKeys({ answers, assertions }: ExchangeContext): Promise<Answer> {
  const keys = assertions ? await assertions.jwks() : { keys: [] };
  return answers.json(200, keys, [], 'application/jwk-set+json');
}
