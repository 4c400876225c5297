import t from 'tap';
import { G1, startEntra } from '../../../demo/entra/index.ts';
import { startGraph } from '../../../demo/graph/index.ts';
import { discover, signIn } from '../entra/support.ts';

const ASKED = '{"securityEnabledOnly":true}';

t.test('the groups of the person whose token it is', async t => {
  const entra = await startEntra();
  const graph = await startGraph({ entra });
  t.teardown(() => Promise.all([entra.close(), graph.close()]));
  const { access_token } = await signIn(entra, await discover(entra));
  const ask = (body: string, token = access_token) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return fetch(`${graph.url}/v1.0/me/getMemberObjects`, { method: 'POST', headers, body });
  };

  const answer = await ask(ASKED);
  t.equal(answer.status, 200);
  t.match(await answer.json(), { value: [G1] });

  t.equal((await ask('{"securityEnabledOnly":false}')).status, 400);
  t.equal((await ask(ASKED, 'of-nobody')).status, 401);
  entra.people.agnes.groups = Array.from({ length: 11_001 }, (_, index) => `group ${index}`);
  const refused = await ask(ASKED);
  t.match([refused.status, await refused.json()], [400, { error: { code: 'Directory_ResultSizeLimitExceeded' } }]);
});
