/**
 * Goal: a credit note that gives money back is in the ledger as a credit of the month that it refers
 * to, and reconciles; one that corrects what we never counted is not taken off twice. Method: servers,
 * invoices and notes land through the production writer; every figure is computed by hand.
 */
import type pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { detail, type InvoiceItem, invoice } from './invoices.ts';
import { REFERENCE, transform } from './ledger.ts';
import { CONTRACT, land, serverRecord } from './warehouse.ts';

/** No commitment: all that is owed in October is a's 10 hours. */
const ON_DEMAND = { ...REFERENCE, contracts: [] };

let pool: pg.Pool;
let lastMs = 0;

/** October: a runs on demand for 10 hours at 1.00. */
beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await servers('2026-10-31T23:30:00Z', '2026-10-31T09:30:00Z');
  await transformAt('2026-11-01T02:00:00Z');
});

afterEach(async () => {
  expect(await transform(pool, lastMs, true, ON_DEMAND)).toMatchObject({
    chargesPosted: 0,
    chargesReversed: 0,
    accrualsWritten: 0,
  });
});

async function servers(at: string, releasedAt: string): Promise<void> {
  await land(pool, 'flexmetal.servers', at, [
    serverRecord({ uuid: 'a', deliveredAt: '2026-10-31T00:00:00Z', releasedAt }),
  ]);
}

async function transformAt(at: string): Promise<void> {
  lastMs = Date.parse(at);
  await transform(pool, lastMs, false, ON_DEMAND);
}

const METAL = 'FlexMetal bm7.std.8, EU: Rotterdam';
const onDemand = { description: METAL, quantity: 10, unitPrice: '100', cents: 1000 };
const goodwill = { description: 'Credit for an outage', quantity: 1, cents: 250 };

/** The invoice of October and, after it, credit notes with these lines. */
async function invoiced(at: string, notes: readonly (readonly InvoiceItem[])[]): Promise<void> {
  const listed = notes.map((items, index) => invoice(2 + index, items, true));
  await land(pool, 'i3d.invoices', at, [invoice(1, [onDemand]), ...listed]);
  await land(pool, 'i3d.invoice_details', at, [detail(1, [onDemand])], '1');
  for (const [index, items] of notes.entries()) {
    await land(pool, 'i3d.invoice_details', at, [detail(2 + index, items, true)], `${2 + index}`);
  }
  await transformAt(at);
}

async function credits(): Promise<unknown[]> {
  const { rows } = await pool.query<{ cells: string[] }>(
    `select array[resource_id, charge_category, charge_date::text, trim_scale(billed_cost)::text] as cells
     from intermediate.known_charge where meter = 'credit-note' order by charge_key collate "C"`,
  );
  return rows.map(({ cells }) => cells);
}

/** What of the credit notes is booked, and how far that is in doubt. */
async function doubts(): Promise<unknown[]> {
  const { rows } = await pool.query<{ cells: string[] }>(
    `select array[resource_id, trim_scale(billed_cost)::text, trim_scale(uncertainty)::text] as cells
     from intermediate.known_charge where meter = 'credit-note' order by charge_key collate "C"`,
  );
  return rows.map(({ cells }) => cells);
}

/** Lines of the invoices of October that differ, and what ours and theirs add up to. */
async function reconciled(): Promise<unknown> {
  const { rows } = await pool.query(
    `select coalesce(array_agg(line) filter (where class <> 'matched'), '{}') as differing,
       trim_scale(sum(ours))::text as ours, trim_scale(sum(theirs))::text as theirs
     from mart.rpt_reconciliation_line where source = 'invoice' and month = '2026-10-01'`,
  );
  return rows[0];
}

test('money given back is a credit of the month that the note refers to: 10 less 2.50 on both sides', async () => {
  await invoiced('2026-11-01T06:00:00Z', []);
  expect(await credits()).toEqual([]);
  await invoiced('2026-11-10T06:00:00Z', [[goodwill]]);
  expect(await credits()).toEqual([['credit-note/2', 'Credit', '2026-10-01', '-2.5']]);
  expect(await reconciled()).toEqual({ differing: [], ours: '7.5', theirs: '7.5' });
});

test('a note that names the SKU is booked, too, and stands on its line', async () => {
  await invoiced('2026-11-10T06:00:00Z', [[{ ...onDemand, quantity: 2, cents: 200 }]]);
  expect(await credits()).toEqual([['credit-note/2', 'Credit', '2026-10-01', '-2']]);
  expect(await reconciled()).toEqual({ differing: [], ours: '8', theirs: '8' });
});

test('a note whose details never came counts in the month before its issue', async () => {
  const at = '2026-11-10T06:00:00Z';
  await land(pool, 'i3d.invoices', at, [invoice(1, [onDemand]), invoice(2, [goodwill], true)]);
  await land(pool, 'i3d.invoice_details', at, [detail(1, [onDemand])], '1');
  await transformAt(at);
  expect(await credits()).toEqual([['credit-note/2', 'Credit', '2026-10-31', '-2.5']]);
  expect(await reconciled()).toEqual({ differing: [], ours: '7.5', theirs: '7.5' });
});

// The provider corrects the release by 2 hours: the note says what our own count says already.
test('a note about hours that we do not count is not taken off twice, whichever comes first', async () => {
  await invoiced('2026-11-01T06:00:00Z', [[{ ...onDemand, quantity: 2, cents: 200 }]]);
  expect(await credits()).toEqual([['credit-note/2', 'Credit', '2026-10-01', '-2']]);
  await servers('2026-11-01T08:00:00Z', '2026-10-31T07:30:00Z');
  await transformAt('2026-11-01T08:30:00Z');
  expect(await credits()).toEqual([]);
  await invoiced('2026-11-02T06:00:00Z', [
    [{ ...onDemand, quantity: 2, cents: 200 }],
    [{ ...goodwill, cents: 100 }],
  ]);
  expect(await credits()).toEqual([['credit-note/3', 'Credit', '2026-10-01', '-1']]);
  expect(await reconciled()).toEqual({ differing: [], ours: '7', theirs: '7' });
});

// b names a contract of unknown capacity for 10 hours: 10.00 more on demand, in doubt by 4.00. The note
// of 2.50 stands in invoices of 20.00, 23.00 and 27.00, so that our 20.00 exceed them with it by 2.50
// (booked; not if b cost 6.00), -0.50 (not booked; but with 4.00 more) and -4.50 (neither way).
test('a note that the doubt about our charges can turn is in doubt by its amount', async () => {
  const b = { contractId: CONTRACT, deliveredAt: '2026-10-31T00:00:00Z' };
  await land(pool, 'flexmetal.servers', '2026-10-31T23:45:00Z', [
    serverRecord({ uuid: 'b', ...b, releasedAt: '2026-10-31T09:30:00Z' }),
  ]);
  const listed = async (at: string, cents: number): Promise<unknown[]> => {
    const others = [invoice(9, [{ ...onDemand, cents }]), invoice(2, [goodwill], true)];
    await land(pool, 'i3d.invoices', at, [invoice(1, [onDemand]), ...others]);
    await land(pool, 'i3d.invoice_details', at, [detail(2, [goodwill], true)], '2');
    await transformAt(at);
    return doubts();
  };
  expect(await listed('2026-11-10T06:00:00Z', 1000)).toEqual([['credit-note/2', '-2.5', '2.5']]);
  expect(await listed('2026-11-11T06:00:00Z', 1300)).toEqual([['credit-note/2', '0', '2.5']]);
  expect(await listed('2026-11-12T06:00:00Z', 1700)).toEqual([]);
});

test.each([
  ['JPY', '1000', '1000'],
  ['KWD', '1000', '1'],
  ['EUR', '1000', '10.00'],
])('minor units of %s follow its exponent: %s is %s', async (currency, amount, expected) => {
  const [first] = [invoice(9, [onDemand]) as Record<string, unknown>];
  await land(pool, 'i3d.invoices', '2026-11-10T06:00:00Z', [
    { ...first, currency, amountExclVAT: amount },
  ]);
  const { rows } = await pool.query(
    "select amount_without_tax = $1::numeric as is_right from staging.stg_i3d__invoice where record_key = '9'",
    [expected],
  );
  expect(rows).toEqual([{ is_right: true }]);
});
