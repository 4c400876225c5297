import { type Call, type Reply, refusal, type State } from './state.ts';

/** `GET /v1.0/contracts`: the customers of a partner, a page at a time. A tenant that is no partner has none. */
export function contracts(state: State, { token, query }: Call): Reply {
  if (token.person !== undefined) {
    return refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  }
  const all = token.tenant === state.partner ? state.customers : [];
  const start = Number(query.get('$skiptoken') ?? 0);
  const end = start + state.pageSize;
  return {
    status: 200,
    body: {
      '@odata.context': `${state.url}/v1.0/$metadata#contracts`,
      ...(end < all.length ? { '@odata.nextLink': `${state.url}/v1.0/contracts?$skiptoken=${end}` } : {}),
      value: all.slice(start, end).map(({ id, name, domain }, index) => ({
        id: `99999999-0000-4000-8000-${String(start + index).padStart(12, '0')}`,
        deletedDateTime: null,
        contractType: 'ResellerPartnerDelegatedAdmin',
        customerId: id,
        defaultDomainName: domain,
        displayName: name,
      })),
    },
  };
}
