// Run by `helm test` inside the cluster: the gateway is ready, and answers on the Service for a portal's host.
import { request } from 'node:http';
import { connect } from 'node:net';

const { SERVICE_HOST, SERVICE_PORT, OPS_URL, PORTAL_HOST } = process.env;

function status(url, headers) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, timeout: 10_000 }, answer => resolve(answer.resume().statusCode));
    asked.on('timeout', () => asked.destroy(new Error(`${url} does not answer`)));
    asked.on('error', reject).end();
  });
}

function reachable(host, port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: 10_000 }, () => resolve(socket.destroy()));
    socket.on('timeout', () => socket.destroy(new Error(`${host}:${port} does not answer`)));
    socket.on('error', reject);
  });
}

function check(what, holds) {
  console.log(`${holds ? 'ok' : 'FAILED'}: ${what}`);
  if (!holds) process.exit(1);
}

if (OPS_URL) {
  const code = await status(OPS_URL, {});
  check(`${OPS_URL} answers ${code}`, code === 200);
}
await reachable(SERVICE_HOST, Number(SERVICE_PORT));
check(`${SERVICE_HOST}:${SERVICE_PORT} takes connections`, true);
if (PORTAL_HOST) {
  const code = await status(`http://${SERVICE_HOST}:${SERVICE_PORT}/.halogate/session`, { host: PORTAL_HOST });
  check(`${PORTAL_HOST} is a host of this gateway: nobody is signed in (${code})`, code === 401);
}
