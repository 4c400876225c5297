import { type Call, type Reply, refusal, type State } from './state.ts';

/** Whoever is in more has to be asked for in another way. */
const MOST = 11_000;

/** `POST /v1.0/me/getMemberObjects`: the security groups of the person whose token it is, by their ids and all at once. */
export function memberObjects(state: State, { token, body }: Call): Reply {
  if (token.person === undefined) {
    return refusal(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
  }
  if (body !== '{"securityEnabledOnly":true}') {
    return refusal(400, 'Request_BadRequest', 'The stand-in knows security groups alone.');
  }
  const { groups } = state.people[token.person];
  if (groups.length > MOST) {
    return refusal(400, 'Directory_ResultSizeLimitExceeded', 'The result size limit has been exceeded.');
  }
  return {
    status: 200,
    body: { '@odata.context': `${state.url}/v1.0/$metadata#Collection(Edm.String)`, value: groups },
  };
}
