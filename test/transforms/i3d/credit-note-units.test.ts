/**
 * Goal: no credit note is read in the wrong unit and called exact. The yen has no smaller unit, and
 * "amounts in cents" may be yen or hundredths of one. Method: a runs for 10 hours at 100 yen; its
 * invoice and a note of 250 yen land through the production writer, written in either way.
 */
import { expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { detail, invoice } from './invoices.ts';
import { REFERENCE, transform } from './ledger.ts';
import { land, serverRecord } from './warehouse.ts';

const IN_YEN = {
  ...REFERENCE,
  contracts: [],
  rates: REFERENCE.rates.map((rate) => ({ ...rate, unit_price: '100', currency: 'JPY' })),
};
const AT = '2026-11-10T06:00:00Z';

test.each([
  // In yen: 1,000 of ours exceed 1,000 - 250 by the note.
  ['yen', 1, ['-250', '0']],
  // In hundredths: 100,000 stand beside our 1,000, and 25,000 is in doubt.
  ['hundredths of a yen', 100, ['0', '25000']],
])('a note written in %s', async (_, unit, expected) => {
  const { pool } = await testDatabase();
  await land(pool, 'flexmetal.servers', '2026-10-31T23:30:00Z', [
    serverRecord({
      uuid: 'a',
      deliveredAt: '2026-10-31T00:00:00Z',
      releasedAt: '2026-10-31T09:30:00Z',
    }),
  ]);
  const line = { description: 'FlexMetal bm7.std.8, EU: Rotterdam', quantity: 10 };
  const charged = [{ ...line, cents: 1000 * unit }];
  const credited = [{ description: 'Credit for an outage', quantity: 1, cents: 250 * unit }];
  const inYen = (record: unknown): unknown => ({ ...(record as object), currency: 'JPY' });
  await land(pool, 'i3d.invoices', AT, [
    inYen(invoice(1, charged)),
    inYen(invoice(2, credited, true)),
  ]);
  await land(pool, 'i3d.invoice_details', AT, [inYen(detail(1, charged))], '1');
  await land(pool, 'i3d.invoice_details', AT, [inYen(detail(2, credited, true))], '2');
  await transform(pool, Date.parse(AT), false, IN_YEN);
  const { rows } = await pool.query(
    `select trim_scale(billed_cost)::text as cost, trim_scale(uncertainty)::text as doubt
     from intermediate.known_charge where meter = 'credit-note'`,
  );
  expect(rows).toEqual([{ cost: expected[0], doubt: expected[1] }]);
});
