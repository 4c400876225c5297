import t, { type Test } from 'tap';
import { ELSEWHERE, HOME, PARTNER } from '../../demo/entra/index.ts';
import { CONTOSO } from '../../demo/graph/index.ts';
import { tenants } from '../../src/commands/tenants.ts';
import { startProviders } from '../signin/csp/support.ts';
import { writeSettings } from '../support/gateway.ts';
import { sound } from '../support/settings.ts';

const UNKNOWN = '77777777-0000-4000-8000-000000000000';

t.test('prints each tenant with the decision and the reason, in columns', async t => {
  const { run } = await started(t, {
    tenants: [{ id: HOME.id, name: 'Example', domains: ['example.com', 'example.net'] }],
    csp: { include: [ELSEWHERE.id, UNKNOWN], exclude: [PARTNER.id] },
  });
  t.strictSame(await run(), {
    status: 0,
    err: '',
    out: `partners
  ${HOME.id}  Example    example.com, example.net  admitted by settings  stands in "tenants"
  ${ELSEWHERE.id}  Elsewhere  elsewhere.example         admitted by csp       a customer of the partner
  ${CONTOSO}  Contoso    contoso.example           not included          a customer of the partner, does not stand in "csp.include"
  ${PARTNER.id}  Partner    partner.example           excluded              a customer of the partner, stands in "csp.exclude"
  ${UNKNOWN}  -          -                         not included          stands in "csp.include", but is no customer of the partner
`,
  });
});

t.test('says why Graph cannot be asked and what to do, and what the settings admit all the same', async t => {
  const { run, entra, graph } = await started(t, { tenants: [{ id: HOME.id }] });
  const listed = `partners (the customers of the partner are missing here)\n  ${HOME.id}  -  -  admitted by settings  stands in "tenants"\n`;
  graph.next({ status: 403, body: { error: { code: 'Authorization_RequestDenied' } } });
  const refused = await run();
  t.strictSame([refused.status, refused.out], [1, listed]);
  t.match(refused.err, 'halogate: partners: Graph answered 403 Authorization_RequestDenied.\n');
  t.match(refused.err, 'Directory.Read.All');
  graph.next({ status: 200, body: 'nonsense' });
  t.match(await run(), { status: 1, out: listed, err: /"graph"/ });
  entra.faults.on('token-invalid-client');
  t.match(await run(), { status: 1, out: listed, err: /AADSTS7000222.*\n.*"credential"/ });
  entra.faults.clear();
  entra.faults.on('down');
  t.match(await run(), { status: 1, out: listed, err: /could not be reached.*\n.*"authority"/ });
});

t.test('tells of connections that admit nobody or are not published', async t => {
  const { run, graph } = await started(t, { published: false, tenants: [], csp: { include: [] } });
  graph.customers.length = 0;
  t.match(await run(), {
    status: 0,
    out: 'partners (not published: nobody signs in through it) (no tenant: nobody may sign in through it)\n',
  });
});

t.test('asks nobody where no connection is for several tenants', async t => {
  const { out, err, status } = await runOn(await writeSettings(t, sound));
  t.strictSame([status, out, err], [0, 'No connection is for several tenants.\n', '']);
});

t.test('does nothing with bad settings', async t => {
  const { out, err, status } = await runOn(await writeSettings(t, 'version: 2\n'));
  t.strictSame([status, out], [78, '']);
  t.match(err, /halogate\.yaml:1:/);
});

async function started(t: Test, { csp = {}, ...connection }: { csp?: object; [key: string]: unknown }) {
  const { entra, graph } = await startProviders(t);
  const file = await writeSettings(t, {
    version: 1,
    halo: { upstream: 'http://halo.internal' },
    portals: [{ name: 'customers', kind: 'user', url: 'https://halo.example.com' }],
    connections: [
      {
        name: 'partners',
        published: true,
        authority: entra.url,
        graph: graph.url,
        tenantType: 'multi',
        csp: { partnerTenant: HOME.id, ...csp },
        clientId: entra.clients[0]?.id,
        credential: { secret: entra.clients[0]?.secret },
        allow: 'users',
        autoRedirect: true,
        ...connection,
      },
    ],
    session: { secret: Buffer.alloc(32, 7).toString('base64') },
  });
  return { entra, graph, run: () => runOn(file) };
}

async function runOn(config: string) {
  let [out, err] = ['', ''];
  const status = await tenants(
    { config },
    {
      out: text => {
        out += text;
      },
      err: text => {
        err += text;
      },
    },
  );
  return { status, out, err };
}
