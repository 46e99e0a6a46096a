/** i3D invoices of October 2026 as the API writes them: cents as text, 21 % tax on top. */

export interface InvoiceItem {
  readonly description: string;
  readonly quantity: number;
  /** Cents, with decimals where the price needs them. */
  readonly unitPrice?: string;
  /** Net of tax. */
  readonly cents: number;
}

const withTax = (cents: number): string => `${Math.round(cents * 1.21)}`;
const net = (items: readonly InvoiceItem[]): number =>
  items.reduce((sum, { cents }) => sum + cents, 0);

/** The list's record. */
export function invoice(id: number, items: readonly InvoiceItem[], isCredit = false): unknown {
  return {
    id: `${id}`,
    description: 'i3D.net services',
    currency: 'EUR',
    amountIncVAT: withTax(net(items)),
    amountExclVAT: `${net(items)}`,
    creationDate: Date.parse('2026-11-01T05:00:00Z') / 1000,
    isCredit: isCredit ? 1 : 0,
  };
}

/** The details' record. */
export function detail(id: number, items: readonly InvoiceItem[], isCredit = false): unknown {
  return {
    id,
    currency: 'EUR',
    amountIncVat: withTax(net(items)),
    amountExclVat: `${net(items)}`,
    isCredit: isCredit ? 1 : 0,
    items: items.map(({ description, quantity, unitPrice, cents }) => ({
      description,
      periodFrom: '2026-10-01T00:00:00Z',
      periodTo: '2026-11-01T00:00:00Z',
      quantity,
      unitPrice: unitPrice ?? null,
      amountIncVat: withTax(cents),
      amountExclVat: `${cents}`,
    })),
  };
}
