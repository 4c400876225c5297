import t from 'tap';
import { Browser } from '../support/browser.ts';
import { startBuiltWorld } from '../support/built.ts';
import { startRedis } from '../support/redis.ts';

t.test('while the store is gone', async t => {
  const redis = await startRedis(t, { own: true });
  const session = { secret: Buffer.alloc(32, 7).toString('base64'), outageGrace: '0s', redis: { url: redis.url } };
  const { url, entra } = await startBuiltWorld(t, { session });
  const person = new Browser({});
  entra.choose('agnes', 'agnes');
  await person.go(`${url}/ticket`);
  const other = new Browser({});
  await other.go(`${url}/ticket`);
  await redis.kill('SIGSTOP');

  await t.test('nobody is let in, nobody is signed out and the answer says when to come back', async t => {
    // For a second the replica may still trust what it has cached.
    const deadline = Date.now() + 10_000;
    let answer = await person.ask(`${url}/ticket`);
    while (answer.status === 200 && Date.now() < deadline) answer = await person.ask(`${url}/ticket`);
    t.equal(answer.status, 503);
    t.match(answer.body, /STORE_UNREACHABLE/);
    t.ok(Number(answer.headers['retry-after']) > 0);
    t.strictSame(answer.setCookies, []);
  });

  await t.test('a stranger’s sign-out is not remembered: who sends it is to come again', async t => {
    const answer = await new Browser({}).ask(`${url}/.halogate/front-channel-sign-out?sid=made-up`);
    t.equal(answer.status, 503);
    t.ok(Number(answer.headers['retry-after']) > 0);
  });

  await t.test('what needs no session is served', async t => {
    t.equal((await new Browser({}).ask(`${url}/api/authinfo`)).status, 200);
  });

  await t.test('who signs out is asked, signed out here at once', async t => {
    const question = await other.ask(`${url}/.halogate/sign-out`);
    t.match([question.status, question.body], [200, /<form[^>]*action="\/\.halogate\/sign-out"/]);
    const out = await other.ask(`${url}/.halogate/sign-out`, { method: 'POST', headers: { origin: url } });
    t.equal(out.status, 303);
    t.equal(other.cookies(url).halogate, undefined);
  });

  await t.test('and everywhere when the store returns, while the others go on', async t => {
    await redis.kill('SIGCONT');
    const deadline = Date.now() + 10_000;
    while ((await person.ask(`${url}/ticket`)).status !== 200 && Date.now() < deadline);
    t.equal((await person.ask(`${url}/ticket`)).status, 200);
  });
});
