/** What the demo tells whoever started it. @param url the gateway's public origin */
export function printout(url: string, halo: string, settings: string, logs: string): string {
  return `
Halogate is running in front of a stand-in for Halo, with a stand-in for Microsoft Entra ID.

  Agent app        ${url}/
  User portal      ${url}/portal
  Halo itself      ${halo}  (in real life nobody but the gateway reaches it)
  Settings         ${settings}
  Log              ${logs}

  Agnes is an agent. Ulrich is a user. Gina is a guest. Otto is of another organisation. Dora's account is disabled.

Try this:

  1. Open ${url}/ticket?id=42&url=https://elsewhere.example/x%20y
     Choose Agnes: you come back to exactly this page, and it shows who Halo believes you are.
  2. Sign out (the link on the page, or ${url}/.halogate/sign-out) and open ${url}/ again:
     a page waits for your click, nobody is signed in by surprise. Sign in as Ulrich: the agent app is not for him,
     and the page leads him to the portal.
  3. Sign out and choose Gina: a guest may use the portal, not the agent app.
  4. Choose Otto, Dora or Cancel: each ends in a page that says what to do.
  5. A password does not get past forced sign-in (403 NATIVE_SIGN_IN_REFUSED):
     curl -i -d grant_type=password -d username=a -d password=b ${url}/auth/token
  6. A program without a session gets a problem document (401 SIGN_IN_REQUIRED), not a redirect:
     curl -i ${url}/api/tickets
  7. An integration with its own client still gets in (200):
     curl -i -d grant_type=client_credentials -d client_id=i -d client_secret=s ${url}/auth/token
  8. A public route needs nobody (200):
     curl -i ${url}/api/authinfo
  9. A forged identity never reaches Halo (the answer lists the headers that Halo received):
     curl -s -H 'X-Forwarded-User: admin' -H 'Authorization: Bearer x' ${url}/api/echo

Ctrl-C ends everything.
`;
}
