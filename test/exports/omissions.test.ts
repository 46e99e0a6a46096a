/**
 * Goal: a statement names what it leaves out, and a closed one names for ever what it left out at its
 * close. Method: planted charges without a price and without an exchange rate.
 */
import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { monthRange } from '../../foundation/months.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { charge, files } from '../support/planted-books.ts';
import { closeAt, createPlantedProduct, plant, transformAt } from '../support/planted-product.ts';
import { testDatabase } from '../support/postgres.ts';

let pool: pg.Pool;
let folder: TemporaryFolder;

beforeEach(async ({ onTestFinished }) => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
  folder = await createFolder();
  onTestFinished(() => folder.remove());
});

async function omissions(month: string): Promise<unknown> {
  await files(pool, folder.path, month);
  const manifest = await readFile(`${folder.path}/now/chargeback-${month}-manifest.json`, 'utf8');
  return JSON.parse(manifest).omissions;
}

const UNPRICED = charge('2026-09-01', '10', {
  key: 'planted/unpriced',
  price: '0',
  priceSource: 'missing',
});
const FOREIGN = charge('2026-09-02', '4', { key: 'planted/foreign', currency: 'GBP' });
const LEFT_OUT = [
  {
    kind: 'amount without an exchange rate',
    account_id: 'test-account',
    provider: 'planted',
    billing_currency: 'GBP',
    resources: 1,
    usage_hours: '0',
    amount: '1',
  },
  {
    kind: 'usage without a price',
    account_id: 'test-account',
    provider: 'planted',
    billing_currency: 'USD',
    resources: 1,
    usage_hours: '10',
    amount: '0',
  },
];

test('10 hours without a price and 1 GBP without a rate are named in manifest and statement', async () => {
  await plant(pool, [UNPRICED, FOREIGN, charge('2026-09-03', '4')]);
  await transformAt(pool, '2026-10-01T00:00:00Z');
  expect(await omissions('2026-09')).toEqual(LEFT_OUT);
  const text = await files(pool, folder.path, '2026-09');
  expect(text).toContain('<h2>Not in this statement</h2>');
  expect(text).toContain(
    '<li>10 hours of usage without a price (planted, account test-account, 1 resource)</li>',
  );
  expect(text).toContain(
    '<li>1 GBP without an exchange rate (planted, account test-account, 1 resource)</li>',
  );
});

test('a closed statement goes on naming what it left out; once priced, the open one leaves out nothing', async () => {
  await plant(pool, [UNPRICED, FOREIGN]);
  await transformAt(pool, '2026-10-01T00:00:00Z');
  await closeAt(pool, '2026-10-02T00:00:00Z', monthRange('2026-09'), true);
  const before = await files(pool, folder.path, '2026-09');
  await plant(pool, [charge('2026-09-01', '10', { key: 'planted/unpriced' })]);
  await transformAt(pool, '2026-10-03T00:00:00Z');
  expect(await files(pool, folder.path, '2026-09')).toBe(before);
  expect(await omissions('2026-09')).toEqual(LEFT_OUT);
});

test('a whole statement has no such section', async () => {
  await plant(pool, [charge('2026-09-03', '4')]);
  await transformAt(pool, '2026-10-01T00:00:00Z');
  expect(await omissions('2026-09')).toEqual([]);
  expect(await files(pool, folder.path, '2026-09')).not.toContain('Not in this statement');
});
