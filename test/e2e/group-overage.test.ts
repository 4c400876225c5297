import t from 'tap';
import { connectionTo } from '../../demo/connection.ts';
import { G1 } from '../../demo/entra/index.ts';
import { startGraph } from '../../demo/graph/index.ts';
import { Browser } from '../support/browser.ts';
import { startBuiltWorld } from '../support/built.ts';
import { freePort } from '../support/free-port.ts';

t.test(
  'the built gateway asks Graph for groups that a token cannot hold, and signs nobody in without them',
  async t => {
    const port = await freePort();
    const { entra, halo, url } = await startBuiltWorld(t, ({ authority }) => ({
      connections: [{ ...connectionTo(authority), graph: `http://127.0.0.1:${port}` }],
    }));
    entra.people.agnes.groups = [
      ...Array.from({ length: 10_999 }, (_, index) => `22222222-0000-4000-8000-${String(index).padStart(12, '0')}`),
      G1,
    ];

    const early = new Browser({});
    entra.choose('agnes');
    const refused = await early.go(`${url}/ticket`);
    t.match([refused.status, refused.body], [503, /GROUPS_UNREACHABLE/], 'no Graph');
    t.equal(early.cookies(url).halogate, undefined);
    t.equal(halo.received.length, 0);

    const graph = await startGraph({ entra, port });
    t.teardown(() => graph.close());
    graph.next({ status: 403 });
    entra.choose('agnes');
    const forbidden = await new Browser({}).go(`${url}/ticket`);
    t.match([forbidden.status, forbidden.body], [500, /SIGN_IN_MISCONFIGURED/], 'a permission that is missing');
    t.equal(halo.received.length, 0);

    entra.choose('agnes');
    t.equal((await new Browser({}).go(`${url}/ticket`)).status, 200);
    t.equal(halo.received.at(-1)?.header('x-forwarded-groups'), G1, 'of eleven thousand, the one that counts');
  },
);
