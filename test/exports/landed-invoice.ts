/** An invoice of i3D, as its API gives it. */
import type { TestDatabase } from '../support/postgres.ts';

const seconds = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000;

/** One i3D invoice of 10.00 EUR net and 2.10 VAT for October. */
export async function landInvoice(database: TestDatabase): Promise<void> {
  const header = { currency: 'EUR', isCredit: 0, invoiceNumber: 'INV-7' };
  const item = {
    description: 'VMs',
    quantity: 1,
    unitPrice: '1000',
    amountExclVat: '1000',
    amountIncVat: '1210',
    vatAmount: '210',
    periodFrom: '2026-10-01',
    periodTo: '2026-10-31',
  };
  for (const [entity, payload] of [
    [
      'i3d.invoice',
      { ...header, creationDate: seconds('2026-11-02'), dueDate: seconds('2026-12-02') },
    ],
    ['i3d.invoice_detail', { ...header, items: [item] }],
  ] as const) {
    await database.pool.query(
      `insert into landing.version (account_id, entity, slice, record_key, content_hash, payload,
         first_sweep_id, seen_from)
       values ('test-account', $1, '', '7', '', $2, 1, '2026-11-02Z')`,
      [entity, JSON.stringify(payload)],
    );
  }
}
