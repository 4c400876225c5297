import { ELSEWHERE, PARTNER } from '../entra/index.ts';

/** A customer of the partner, as a contract names it. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

/** A customer whose people nobody has ever seen. */
export const CONTOSO = 'cccccccc-1111-4000-8000-000000000001';

/** Fresh copies of the partner's customers, so that no stand-in shares them with another. */
export function makeCustomers(): Customer[] {
  return [
    { id: ELSEWHERE.id, name: ELSEWHERE.name, domain: ELSEWHERE.domain },
    { id: PARTNER.id, name: PARTNER.name, domain: PARTNER.domain },
    { id: CONTOSO, name: 'Contoso', domain: 'contoso.example' },
  ];
}
