/**
 * Goal: each charge has the invoice that bills it, a credit note takes back from the invoice that it
 * corrects, and nothing is listed twice. Method: two accounts of one issuer with two products, several
 * invoices in a month and a credit note; sums by hand, in the files and by the check.
 */
import { rm } from 'node:fs/promises';
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { checkFolder } from '../../../exports/focus/check-export.ts';
import { FOCUS_VERSIONS, type FocusVersion } from '../../../exports/focus/columns.ts';
import { exportFocus } from '../../../exports/focus/export-focus.ts';
import { createFolder } from '../../support/folder.ts';
import { testDatabase } from '../../support/postgres.ts';
import { unscaled } from '../unscaled.ts';
import { fileOf, type Row, readRows } from './files.ts';
import { landInvoice } from './land-invoice.ts';
import { addRun, enter, type LedgerCharge } from './ledger.ts';
import { optionsOf } from './options.ts';

const DAY = { start: '2026-08-10T00:00:00Z', end: '2026-08-11T00:00:00Z' } as const;
const EUR = { ...DAY, currency: 'EUR', rate: '1.1' } as const;

const METAL: LedgerCharge = {
  ...EUR,
  account: 'i3d-a',
  provider: 'i3d-flexmetal',
  key: 'flexmetal/server-a',
  resource: 'server-a',
  meter: 'server-hours',
  quantity: '100',
  price: '1.5',
};

const VM: LedgerCharge = {
  ...EUR,
  account: 'i3d-a',
  provider: 'i3d-flexvm',
  key: 'flexvm/vm-a',
  resource: 'vm-a',
  meter: 'vm-hours',
  quantity: '200',
  price: '0.25',
};

const CREDIT: LedgerCharge = {
  ...EUR,
  account: 'i3d-a',
  provider: 'i3d-flexvm',
  key: 'i3d_credit/A-3/1',
  resource: 'credit-note/A-3',
  meter: 'credit-note',
  category: 'Credit',
  quantity: '1',
  price: '-20',
  unit: 'Credits',
  hours: null,
};

let pool: pg.Pool;
let folder: string;

beforeEach(async ({ onTestFinished }) => {
  pool = (await testDatabase()).pool;
  await addRun(pool, 1, '2026-09-01T00:30:00Z', '-infinity');
  await pool.query(`
    insert into mart.transform_state (clock_at) values ('2026-09-01T00:30:00Z');
    insert into mart.dim_resource (account_id, resource_id, valid_from, provider, service_name,
      resource_type, name, status, sku, region_id, region_name, tags, gpu_count)
    values
      ('i3d-a', 'server-a', '2026-07-01Z', 'i3d-flexmetal', 'FlexMetal', 'Bare Metal Server', 'a',
        'running', 'bm7.std.8', 'EU: Rotterdam', 'EU: Rotterdam', '{}', 0),
      ('i3d-a', 'vm-a', '2026-07-01Z', 'i3d-flexvm', 'FlexVM', 'Virtual Machine', 'v',
        'running', 'vm.large', 'EU: Rotterdam', 'EU: Rotterdam', '{}', 0),
      ('i3d-a', 'credit-note/A-3', '2026-07-01Z', 'i3d-flexvm', 'FlexVM', 'Billing Adjustment',
        'Credit note A-3', 'ended', null, null, null, '{}', 0),
      ('i3d-b', 'server-b', '2026-07-01Z', 'i3d-flexmetal', 'FlexMetal', 'Bare Metal Server', 'b',
        'running', 'bm7.std.8', 'EU: Rotterdam', 'EU: Rotterdam', '{}', 0)`);
  const temporary = await createFolder();
  onTestFinished(() => temporary.remove());
  folder = temporary.path;
});

/** What the files say after their own check has passed. */
async function exported(
  version: FocusVersion = '1.4',
  month: '2026-08' | '2026-09' = '2026-08',
): Promise<{ costs: Row[]; details: Row[] }> {
  await rm(folder, { recursive: true, force: true });
  await exportFocus(pool, optionsOf(folder, version, 'csv', month));
  const [checked] = await checkFolder(pool, folder);
  expect(checked?.results.filter(({ state }) => state === 'fail')).toEqual([]);
  const costs = await readRows(fileOf(folder, 'cost-and-usage', month, version));
  if (version !== '1.4') return { costs, details: [] };
  return { costs, details: await readRows(fileOf(folder, 'invoice-detail', month)) };
}

/** BilledCost by account and what the columns name, in cents. */
function cents(rows: readonly Row[], ...columns: readonly string[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const row of rows) {
    const key = [row.BillingAccountId, ...columns.map((column) => row[column])].join(' ');
    sums[key] = (sums[key] ?? 0n) + unscaled(row.BilledCost ?? '', 2);
  }
  return sums;
}

const withoutTax = (rows: readonly Row[]): Row[] =>
  rows.filter((row) => row.ChargeCategory !== 'Tax');

async function enterAugust(): Promise<void> {
  await enter(pool, METAL);
  await enter(pool, VM);
  await enter(pool, CREDIT);
  await enter(pool, { ...METAL, account: 'i3d-b', resource: 'server-b', quantity: '10' });
  const metal = { cents: '15000', taxCents: '3150', description: 'bm7.std.8, EU: Rotterdam' };
  await landInvoice(pool, { id: 'A-1', account: 'i3d-a', lines: [metal] });
  const vm = { cents: '5000', description: 'FlexVM usage August' };
  await landInvoice(pool, { id: 'A-2', account: 'i3d-a', lines: [vm] });
  // Written with a positive amount, as some credit notes are.
  const credit = { cents: '2000', taxCents: '420', description: 'FlexVM, credit' };
  await landInvoice(pool, { id: 'A-3', account: 'i3d-a', isCredit: true, lines: [credit] });
  await landInvoice(pool, { id: 'B-1', account: 'i3d-b', lines: [{ cents: '1500' }] });
}

test('two invoices and a credit note of one account each have their charges, another account its own', async () => {
  await enterAugust();
  const { costs, details } = await exported();
  const sums = { 'i3d-a A-1': 15000n, 'i3d-a A-2': 5000n, 'i3d-a A-3': -2000n, 'i3d-b B-1': 1500n };
  expect(cents(costs, 'InvoiceId')).toEqual(sums);
  expect(cents(withoutTax(details), 'InvoiceId')).toEqual(sums);
  expect(details).toHaveLength(8);
  expect(new Set(details.map((row) => row.InvoiceIssueStatus))).toEqual(new Set(['Issued']));
  expect(cents(details, 'InvoiceId', 'ReferenceInvoiceId', 'ChargeCategory')).toMatchObject({
    'i3d-a A-1 A-1 Tax': 3150n,
    'i3d-a A-3 A-2 Credit': -2000n,
    'i3d-a A-3 A-2 Tax': -420n,
  });
});

test.each(FOCUS_VERSIONS)(
  'FOCUS %s has no id where the provider gave no invoice',
  async (version) => {
    await enter(pool, METAL);
    const { costs } = await exported(version);
    expect(costs.map((row) => row.InvoiceId)).toEqual([null]);
  },
);

test('what is not invoiced is an open statement of its own figures', async () => {
  await enter(pool, METAL);
  await enter(pool, VM);
  const { costs, details } = await exported();
  expect(cents(costs, 'x_StatementId')).toEqual({ 'i3d-a synthetic-i3d-a-2026-08': 20000n });
  expect(cents(details, 'InvoiceId', 'InvoiceIssueStatus', 'ReferenceInvoiceId')).toEqual({
    'i3d-a synthetic-i3d-a-2026-08 Open synthetic-i3d-a-2026-08': 20000n,
  });
  expect(details).toHaveLength(2);
});

test('where two invoices name a charge alike none is claimed, and no open statement stands beside them', async () => {
  await enter(pool, METAL);
  const line = { cents: '7500', description: 'bm7.std.8' };
  await landInvoice(pool, { id: 'A-1', account: 'i3d-a', lines: [line] });
  await landInvoice(pool, { id: 'A-2', account: 'i3d-a', lines: [line] });
  const { costs, details } = await exported();
  expect(costs.map((row) => [row.InvoiceId, row.x_StatementId])).toEqual([[null, null]]);
  expect(cents(withoutTax(details), 'InvoiceId')).toEqual({
    'i3d-a A-1': 7500n,
    'i3d-a A-2': 7500n,
  });
});

test('a charge is on the invoice of its part of the month', async () => {
  await enter(pool, METAL);
  const late = { start: '2026-08-20T00:00:00Z', end: '2026-08-21T00:00:00Z' };
  await enter(pool, { ...METAL, ...late, key: 'flexmetal/server-a/late', quantity: '20' });
  const named = { description: 'bm7.std.8' };
  const [first, second] = [
    { ...named, cents: '15000', to: '2026-08-15' },
    { ...named, cents: '3000', from: '2026-08-16' },
  ];
  await landInvoice(pool, { id: 'A-1', account: 'i3d-a', lines: [first] });
  await landInvoice(pool, { id: 'A-2', account: 'i3d-a', lines: [second] });
  const { costs } = await exported();
  expect(cents(costs, 'InvoiceId')).toEqual({ 'i3d-a A-1': 15000n, 'i3d-a A-2': 3000n });
});

test('a credit note for hours that were never counted is compared with the invoice that it names', async () => {
  await enter(pool, METAL);
  await landInvoice(pool, { id: 'A-1', account: 'i3d-a', lines: [{ cents: '17000' }] });
  const credit = { cents: '-2000', description: 'Correction of invoice A-1' };
  await landInvoice(pool, { id: 'A-9', account: 'i3d-a', isCredit: true, lines: [credit] });
  const { costs, details } = await exported();
  expect(cents(costs, 'InvoiceId')).toEqual({ 'i3d-a A-1': 15000n });
  expect(cents(withoutTax(details), 'InvoiceId', 'ReferenceInvoiceId')).toEqual({
    'i3d-a A-1 A-1': 17000n,
    'i3d-a A-9 A-1': -2000n,
  });
});

test('a credit note about a closed month is on the next statement, with what it takes back', async () => {
  await enter(pool, METAL);
  await landInvoice(pool, { id: 'A-1', account: 'i3d-a', lines: [{ cents: '15000' }] });
  await pool.query(
    `insert into ledger.closed_month values ('2026-08-01', '2026-09-05T00:00:00Z', 1, 'USD', false, '[]')`,
  );
  await addRun(pool, 2, '2026-09-06T00:30:00Z', '2026-09-01');
  await enter(pool, { ...CREDIT, run: 2, reason: 'first entry' });
  const credit = { cents: '2000', description: 'FlexVM, credit' };
  const seenFrom = '2026-09-05T12:00:00Z';
  await landInvoice(pool, {
    id: 'A-3',
    account: 'i3d-a',
    isCredit: true,
    seenFrom,
    lines: [credit],
  });
  const august = await exported();
  expect(cents(withoutTax(august.details), 'InvoiceId')).toEqual({ 'i3d-a A-1': 15000n });
  const september = await exported('1.4', '2026-09');
  expect(cents(september.costs, 'ChargeClass', 'InvoiceId')).toEqual({
    'i3d-a Correction A-3': -2000n,
  });
  expect(cents(withoutTax(september.details), 'InvoiceId', 'ReferenceInvoiceId')).toEqual({
    'i3d-a A-3 A-1': -2000n,
  });
});

test('what a closed month was corrected by is on the credit note for it', async () => {
  await enter(pool, METAL);
  await landInvoice(pool, { id: 'A-1', account: 'i3d-a', lines: [{ cents: '15000' }] });
  await pool.query(
    `insert into ledger.closed_month values ('2026-08-01', '2026-09-05T00:00:00Z', 1, 'USD', false, '[]')`,
  );
  await addRun(pool, 2, '2026-09-06T00:30:00Z', '2026-09-01');
  // 100 hours were 88: 18.00 less.
  await enter(pool, { ...METAL, run: 2, key: `${METAL.key}/less`, quantity: '-12' });
  const lines = [{ cents: '1800', description: 'bm7.std.8, hours restated' }];
  const seenFrom = '2026-09-05T12:00:00Z';
  await landInvoice(pool, { id: 'A-4', account: 'i3d-a', isCredit: true, seenFrom, lines });
  const { costs, details } = await exported('1.4', '2026-09');
  expect(cents(costs, 'InvoiceId')).toEqual({ 'i3d-a A-4': -1800n });
  expect(cents(withoutTax(details), 'InvoiceId', 'ReferenceInvoiceId')).toEqual({
    'i3d-a A-4 A-1': -1800n,
  });
});
