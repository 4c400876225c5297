import { ELSEWHERE } from '../entra/index.ts';

/** A customer of the partner, as a contract names it. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

/** Fresh copies of the partner's customers, so that no stand-in shares them with another. */
export function makeCustomers(): Customer[] {
  return [
    { id: ELSEWHERE.id, name: ELSEWHERE.name, domain: ELSEWHERE.domain },
    { id: 'cccccccc-1111-4000-8000-000000000001', name: 'Contoso', domain: 'contoso.example' },
    { id: 'cccccccc-1111-4000-8000-000000000002', name: 'Fabrikam', domain: 'fabrikam.example' },
  ];
}
