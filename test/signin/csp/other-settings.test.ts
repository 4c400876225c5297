import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { PARTNER } from '../../../demo/entra/index.ts';
import type { CspConfig } from '../../../src/config/index.ts';
import { createMemoryStore, createSealer } from '../../../src/sessions/index.ts';
import { createTenants } from '../../../src/signin/index.ts';
import { cspConnection, startProviders } from './support.ts';

/** The tenants of one connection, once Graph has been asked. */
async function started(t: Test) {
  const providers = await startProviders(t);
  const connection = (csp: Partial<CspConfig> = {}, others: object = {}) => cspConnection(providers, csp, others);
  const tenants = createTenants({
    config: { connections: [await connection()] },
    store: createMemoryStore(),
    sealer: createSealer([Buffer.alloc(32, 7)]),
    log: pino({ level: 'silent' }),
    recorder: { providerAnswered() {} },
    changed() {},
  });
  t.teardown(tenants.close);
  await tenants.known('partners');
  const { requests } = providers.graph;
  return {
    tenants,
    connection,
    asked: () => requests.length,
    ids: () => [...(tenants.admitted().get('partners')?.keys() ?? [])],
  };
}

t.test('a list that the settings leave as it is goes on: Graph is not asked again', async t => {
  const { tenants, connection, asked, ids } = await started(t);
  t.ok(ids().includes(PARTNER.id));
  const [before, count] = [asked(), ids().length];
  const prepared = await tenants.prepare([await connection({ exclude: [PARTNER.id] })]);
  t.ok(ids().includes(PARTNER.id), 'nothing has changed yet');
  t.notOk(prepared.admitted().get('partners')?.has(PARTNER.id));
  prepared.use();
  t.equal(ids().length, count - 1);
  t.equal(asked(), before);
  t.ok(tenants.status()[0]?.csp?.readAt);
});

t.test('with other settings of the list nobody is out while it is begun anew: the store remembers it', async t => {
  const { tenants, connection, ids } = await started(t);
  const all = ids();
  t.ok(all.includes(PARTNER.id));
  const prepared = await tenants.prepare([await connection({ refresh: 60_000 })]);
  prepared.use();
  t.same(ids(), all);
  t.ok(tenants.status()[0]?.csp?.readAt);
});

t.test('settings that are dropped leave everything as it was', async t => {
  const { tenants, connection, ids } = await started(t);
  const all = ids();
  const prepared = await tenants.prepare([await connection({ refresh: 60_000 }, { published: true })]);
  prepared.drop();
  t.same(ids(), all);
  t.ok(tenants.status()[0]?.csp?.readAt);
});

t.test('of a connection that is unpublished nobody is asked about any more', async t => {
  const { tenants, connection, asked, ids } = await started(t);
  const prepared = await tenants.prepare([await connection({ refresh: 1 }, { published: false })]);
  prepared.use();
  const before = asked();
  await sleep(50);
  t.equal(asked(), before);
  t.same(ids(), []);
  t.equal(tenants.status()[0]?.csp, undefined);
});
