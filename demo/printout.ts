/** What the printout names. */
export interface Running {
  /** The gateway's public origin. */
  readonly url: string;
  readonly halo: string;
  readonly folder: string;
  /** The gateways' processes. */
  readonly pids: readonly number[];
}

/** What the demo tells whoever started it. */
export function printout({ url, halo, folder, pids }: Running): string {
  return `
Halogate is running in front of a stand-in for Halo, with a stand-in for Microsoft Entra ID.

  Agent app        ${url}/
  User portal      ${url}/portal
  Halo itself      ${halo}  (in real life nobody but the gateway reaches it)
  Settings, logs   ${folder}
  Gateway          process ${pids.join(' and ')}

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
 10. Sign in as Agnes and open ${url}/chat: a WebSocket through the gateway. Sign out in another tab, and within a
     second it is closed: 1008, the session has ended.
${pids.length > 1 ? replicas(pids) : ''}
Ctrl-C ends everything.
`;
}

function replicas(pids: readonly number[]): string {
  return ` 11. Two gateways share the sessions. End one of them and go on working, still signed in:
     kill -9 ${pids[0]}
`;
}
