/**
 * Goal: our hours and money stand beside i3D's own, line by line, and each difference gets its class
 * and its name. Method: machines, reports and invoices land through the production writer, the
 * production transform enters the charges; every figure is computed by hand.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { detail, type InvoiceItem, invoice } from './invoices.ts';
import { transform } from './ledger.ts';
import { ACCOUNT, CLOUD, CONTRACT, land, report, serverRecord, vmRecord } from './warehouse.ts';

const NOW = '2026-11-02T12:00:00Z';

let pool: pg.Pool;

/** October: a runs on demand for 10 hours at 1.00, b under contract for 24 of 48 hours at 0.60. */
beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await land(pool, 'flexmetal.servers', '2026-10-31T23:30:00Z', [
    serverRecord({
      uuid: 'a',
      deliveredAt: '2026-10-31T00:00:00Z',
      releasedAt: '2026-10-31T09:30:00Z',
    }),
    serverRecord({ uuid: 'b', contractId: CONTRACT, deliveredAt: '2026-10-31T00:00:00Z' }),
  ]);
});

interface Line {
  readonly provider: string;
  readonly line: string;
  readonly class: string;
  readonly ours: string | null;
  readonly theirs: string | null;
}

async function reconciled(source: string, month = '2026-10-01'): Promise<unknown[]> {
  await transform(pool, Date.parse(NOW));
  const { rows } = await pool.query<Line>(
    `select provider, line, class, trim_scale(ours)::text as ours,
       trim_scale(theirs)::text as theirs
     from mart.rpt_reconciliation_line
     where account_id = $1 and source = $2 and month = $3
     order by provider, line collate "C"`,
    [ACCOUNT, source, month],
  );
  return rows.map(({ provider, line, class: kind, ours, theirs }) => [
    provider.replace('i3d-', ''),
    line,
    kind,
    ours,
    theirs,
  ]);
}

async function used(at: string, month: string, hours: Record<string, number>): Promise<void> {
  const rows = Object.entries(hours).map(([uuid, totalHours]) => ({
    server: serverRecord({ uuid, deliveredAt: '2026-10-31T00:00:00Z' }),
    startedAt: '2026-10-31T00:00:00Z',
    endedAt: '2026-11-01T00:00:00Z',
    totalHours,
  }));
  await land(pool, 'flexmetal.usage', at, rows, month);
}

async function invoiced(...items: InvoiceItem[]): Promise<void> {
  const at = '2026-11-01T06:00:00Z';
  await land(pool, 'i3d.invoices', at, [invoice(1, items)]);
  await land(pool, 'i3d.invoice_details', at, [detail(1, items)], '1');
}

const METAL = 'FlexMetal bm7.std.8, EU: Rotterdam';
const onDemand = { description: METAL, quantity: 10, unitPrice: '100', cents: 1000 };
const committed = {
  description: `${METAL}, commitment ${CONTRACT}`,
  quantity: 48,
  unitPrice: '60',
  cents: 2880,
};

test('a server has the hours of the usage report, pooled ones too; a whole month misses nobody', async () => {
  await used('2026-11-01T01:00:00Z', '2026-10', { a: 10, b: 25, c: 3 });
  expect(await reconciled('usage report')).toEqual([
    ['flexmetal', 'a', 'matched', '10', '10'],
    ['flexmetal', 'b', 'quantity', '24', '25'],
    ['flexmetal', 'c', 'quantity', '24', '3'],
  ]);
});

test('a month whose report is older than its end is timing', async () => {
  await used('2026-10-31T23:40:00Z', '2026-10', { a: 9 });
  expect(await reconciled('usage report')).toEqual([
    ['flexmetal', 'a', 'timing', '10', '9'],
    ['flexmetal', 'b', 'timing', '24', null],
  ]);
});

test('a server that a whole report leaves out is missing there', async () => {
  await used('2026-11-01T01:00:00Z', '2026-10', { a: 10 });
  expect(await reconciled('usage report')).toContainEqual([
    'flexmetal',
    'b',
    'missing there',
    '24',
    null,
  ]);
});

test('totals per cloud and tag may differ by an hour per VM, and never prove anything', async () => {
  const vm = { id: 'v', createdAt: '2026-10-31T00:00:00Z', releasedAt: '2026-10-31T09:30:00Z' };
  await land(pool, 'flexvm.vms', '2026-10-31T08:00:00Z', [vmRecord(vm)], CLOUD);
  const totals = { total_vms_created: 1, total_vms_released: 1 };
  const body = {
    ...(report('2026-10', [{ ...vm, hours: 10 }]) as object),
    clouds: [{ id: CLOUD, site: 'frmtl1', nodes: 1, active_vms: 0, ...totals, total_vm_hours: 9 }],
    by_tag: [{ tag: 'env:build', active_vms: 0, ...totals, total_vm_hours: 12 }],
  };
  await land(pool, 'flexvm.monthly_report', '2026-11-01T01:00:00Z', body, '2026-10');
  expect(await reconciled('usage report')).toContainEqual(['flexvm', 'v', 'matched', '10', '10']);
  expect(await reconciled('usage report by cloud')).toEqual([
    ['flexvm', CLOUD, 'rounding', '10', '9'],
  ]);
  expect(await reconciled('usage report by tag')).toEqual([
    ['flexvm', 'env:build', 'quantity', '10', '12'],
  ]);
  const { rows } = await pool.query(
    "select from mart.rpt_reconciliation_line where source like '%by %' and is_proof",
  );
  expect(rows).toEqual([]);
});

test('an invoice is matched line by line, whatever taxes it adds', async () => {
  await invoiced(onDemand, committed);
  expect(await reconciled('invoice')).toEqual([
    ['flexmetal', `${METAL} at 1`, 'matched', '10', '10'],
    ['flexmetal', `${METAL}, commitment ${CONTRACT} at 0.6`, 'matched', '28.8', '28.8'],
  ]);
});

test('a month that is not invoiced yet is timing', async () => {
  expect(await reconciled('invoice')).toEqual([
    ['flexmetal', `bm7.std.8, EU: Rotterdam ${CONTRACT} at 0.6`, 'timing', '28.8', null],
    ['flexmetal', 'bm7.std.8, EU: Rotterdam at 1', 'timing', '10', null],
  ]);
});

// 0.5 % more: in the price 10.05 (and 0.6 kept), in the quantity 48.24 of 48 hours.
test('an over-billing of 0.5 % is named as price or as quantity', async () => {
  await invoiced(
    { ...onDemand, unitPrice: '100.5', cents: 1005 },
    { ...committed, quantity: 48.24, cents: 2894 },
  );
  expect(await reconciled('invoice')).toEqual([
    ['flexmetal', `${METAL} at 1.005`, 'price', '10', '10.05'],
    ['flexmetal', `${METAL}, commitment ${CONTRACT} at 0.6`, 'quantity', '28.8', '28.94'],
  ]);
});

test('a cent is rounding; a product that no line names is missing there, one of theirs here', async () => {
  const other = { ...onDemand, description: `FlexMetal bm7.std.8, Mars, commitment ${CONTRACT}` };
  await invoiced({ ...committed, cents: 2880.5 }, { ...other, unitPrice: '77', cents: 770 });
  expect(await reconciled('invoice')).toEqual([
    ['flexmetal', `${METAL}, commitment ${CONTRACT} at 0.6`, 'rounding', '28.8', '28.805'],
    ['flexmetal', `${other.description} at 0.77`, 'missing here', null, '7.7'],
    ['flexmetal', 'bm7.std.8, EU: Rotterdam at 1', 'missing there', '10', null],
  ]);
});

test('what names no SKU is held against the rest of the month, tax excluded', async () => {
  await invoiced(committed, { description: 'Services as agreed', quantity: 1, cents: 1100 });
  expect(await reconciled('invoice')).toEqual([
    ['i3d', 'amounts that name no SKU', 'unexplained', '10', '11'],
    ['flexmetal', `${METAL}, commitment ${CONTRACT} at 0.6`, 'matched', '28.8', '28.8'],
  ]);
});

test('an invoice whose details never came is held against the month as a whole', async () => {
  await land(pool, 'i3d.invoices', '2026-11-01T06:00:00Z', [invoice(1, [onDemand, committed])]);
  expect(await reconciled('invoice')).toEqual([
    ['i3d', 'amounts that name no SKU', 'matched', '38.8', '38.8'],
  ]);
});

test('a credit note takes off its lines, and a restated invoice counts as it is now', async () => {
  await invoiced({ ...onDemand, quantity: 12, cents: 1200 }, committed);
  const at = '2026-11-02T06:00:00Z';
  const credit = [{ ...onDemand, quantity: 1, cents: 100 }];
  const restated = [{ ...onDemand, quantity: 11, cents: 1100 }, committed];
  await land(pool, 'i3d.invoices', at, [invoice(1, restated), invoice(2, credit, true)]);
  await land(pool, 'i3d.invoice_details', at, [detail(1, restated)], '1');
  await land(pool, 'i3d.invoice_details', at, [detail(2, credit, true)], '2');
  expect(await reconciled('invoice')).toEqual([
    ['flexmetal', `${METAL} at 1`, 'matched', '10', '10'],
    ['flexmetal', `${METAL}, commitment ${CONTRACT} at 0.6`, 'matched', '28.8', '28.8'],
  ]);
});

// The list restates a release after reports and invoices were last read: 8 hours, not 10.
test('what we took back since their figures were read is timing', async () => {
  await used('2026-11-01T01:00:00Z', '2026-10', { a: 10, b: 24 });
  await invoiced(onDemand, committed);
  await transform(pool, Date.parse('2026-11-01T07:00:00Z'));
  const released = { uuid: 'a', releasedAt: '2026-10-31T07:30:00Z' };
  await land(pool, 'flexmetal.servers', '2026-11-01T08:00:00Z', [
    serverRecord({ ...released, deliveredAt: '2026-10-31T00:00:00Z' }),
    serverRecord({ uuid: 'b', contractId: CONTRACT, deliveredAt: '2026-10-31T00:00:00Z' }),
  ]);
  const onLine = ['flexmetal', `${METAL} at 1`, 'timing', '8', '10'];
  expect(await reconciled('invoice')).toContainEqual(onLine);
  const onServer = ['flexmetal', 'a', 'timing', '8', '10'];
  expect(await reconciled('usage report')).toContainEqual(onServer);
  const items = [onDemand, committed];
  await land(pool, 'i3d.invoices', '2026-11-03T05:00:00Z', [invoice(1, items)]);
  await land(pool, 'flexmetal.usage', '2026-11-03T05:00:00Z', [], '2026-11');
  expect(await classes()).toEqual([
    { line: `${METAL} at 1`, class: 'quantity' },
    { line: 'a', class: 'quantity' },
  ]);
});

/** Lines of October that differ, as the warehouse stands. */
async function classes(): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select line, class from mart.rpt_reconciliation_line
     where month = '2026-10-01' and class <> 'matched' order by line collate "C"`,
  );
  return rows;
}
