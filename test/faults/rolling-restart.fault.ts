import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { startNginx } from '../support/nginx.ts';
import { SERVED } from './ledger.ts';
import { happen } from './scenario.ts';

/** As docs/deploy-kubernetes.md has it for an nginx of one's own: what it keeps open ends before a gateway stops listening. */
function before([first, second]: readonly [number, number]): (port: number) => string {
  return port => `
  map $http_upgrade $upgrade { ~*^websocket$ websocket; }
  map $http_upgrade $connection_upgrade { ~*^websocket$ upgrade; }
  upstream gateways {
    server 127.0.0.1:${first} max_fails=0;
    server 127.0.0.1:${second} max_fails=0;
    keepalive 16;
    keepalive_timeout 1s;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://gateways;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_read_timeout 1h;
    }
  }`;
}

t.test(
  'a rolling restart of two gateways behind nginx fails no request and closes every WebSocket by 1001',
  async t => {
    const statuses: (number | null)[] = [];
    const { ledger, persons } = await happen(
      t,
      async ({ cluster }) => {
        for (const which of [0, 1] as const) {
          statuses.push(await cluster.restart(which));
          await sleep(1000);
        }
      },
      {
        drain: { wait: '3s', deadline: '20s' },
        front: ports => startNginx(t, before(ports)),
      },
    );
    t.same(statuses, [0, 0]);
    t.strictSame(ledger.others([...SERVED, 'closed 1001']), [], 'served, every one');
    t.ok(ledger.count(['closed 1001']) >= persons.length / 2, 'those who held a WebSocket were told to come again');
  },
);
