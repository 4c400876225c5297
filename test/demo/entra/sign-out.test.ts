import * as oidc from 'openid-client';
import t from 'tap';
import { CLIENT } from '../../../demo/entra/index.ts';
import { Browser } from '../../support/browser.ts';
import { attempt, discover, follow, formOf, REDIRECT_URI, start } from './support.ts';

const SIGNED_OUT = 'http://localhost:8080/.halogate/signed-out';

t.test('signing out at the provider', async t => {
  const entra = await start(t, { clients: [{ ...CLIENT, redirectUris: [REDIRECT_URI, SIGNED_OUT] }] });
  const config = await discover(entra);
  const signedIn = async () => {
    const browser = new Browser({});
    const { url, checks } = await attempt(config);
    entra.choose('agnes');
    const tokens = await oidc.authorizationCodeGrant(config, await follow(browser, url), checks);
    return { browser, hint: String(tokens.claims()?.login_hint) };
  };
  const isSignedIn = async (browser: Browser) => (await browser.ask((await attempt(config)).url)).status === 302;
  const endSession = (params: Record<string, string>) => oidc.buildEndSessionUrl(config, params);

  t.test('with the hint of the person ends the sign-on at once and leads back', async t => {
    const { browser, hint } = await signedIn();
    t.ok(await isSignedIn(browser));
    const params = { logout_hint: hint, post_logout_redirect_uri: SIGNED_OUT, state: 'abc' };
    t.equal((await follow(browser, endSession(params))).href, `${SIGNED_OUT}?state=abc`);
    t.notOk(await isSignedIn(browser));
  });

  t.test('without a hint asks first', async t => {
    const { browser } = await signedIn();
    const url = endSession({ post_logout_redirect_uri: SIGNED_OUT });
    const page = await browser.ask(url);
    t.match(page.body, 'Which account do you want to sign out of?');
    t.ok(await isSignedIn(browser), 'nothing has ended yet');
    const { action, fields } = formOf(page);
    const form = { ...fields, confirmed: 'yes' };
    t.equal((await follow(browser, action, { method: 'POST', form })).href, SIGNED_OUT);
    t.notOk(await isSignedIn(browser));
  });

  t.test('never leads to an address that is not registered', async t => {
    const { browser, hint } = await signedIn();
    const target = 'https://attacker.example/';
    const page = await browser.ask(endSession({ logout_hint: hint, post_logout_redirect_uri: target }));
    t.match([page.headers.location, page.body], [undefined, 'You signed out of your account']);
  });
});
