/** Lands invoices and credit notes of an account as its provider lists and details them. */
import type pg from 'pg';

export interface InvoiceLine {
  /** Without tax. A minus is written on a credit note by some. */
  readonly cents: string;
  readonly taxCents?: string;
  readonly description?: string;
  readonly from?: string;
  readonly to?: string;
  readonly unitCents?: string;
}

export interface LandedInvoice {
  readonly id: string;
  readonly account?: string;
  readonly isCredit?: boolean;
  readonly seenFrom?: string;
  readonly lines: readonly InvoiceLine[];
}

export async function landInvoice(pool: pg.Pool, invoice: LandedInvoice): Promise<void> {
  const items = invoice.lines.map((line) => ({
    orderId: '880001',
    description: line.description ?? 'FlexMetal, EU: Rotterdam',
    remarks: '',
    quantity: 1,
    unitPrice: line.unitCents ?? line.cents,
    setupCosts: '0',
    amountExclVat: line.cents,
    amountIncVat: line.cents,
    vatAmount: line.taxCents ?? '2100',
    vatPercentage: 21,
    periodFrom: line.from ?? '2026-08-01',
    periodTo: line.to ?? '2026-09-01',
  }));
  const header = { currency: 'EUR', isCredit: invoice.isCredit ? 1 : 0, invoiceNumber: null };
  const dated = { ...header, creationDate: 1_788_242_400, dueDate: 1_790_834_400 };
  for (const [entity, payload] of [
    ['i3d.invoice', dated],
    ['i3d.invoice_detail', { ...header, items }],
  ] as const) {
    await pool.query(
      `insert into landing.version (account_id, entity, slice, record_key, content_hash, payload,
         first_sweep_id, seen_from)
       values ($1, $2, '', $3, '', $4, 1, $5)`,
      [
        invoice.account ?? 'i3d-main',
        entity,
        invoice.id,
        JSON.stringify(payload),
        invoice.seenFrom ?? '2026-09-02Z',
      ],
    );
  }
}
