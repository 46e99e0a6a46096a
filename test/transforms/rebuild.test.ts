/**
 * Goal: what is computed again from landing is what was there, also when the ledger's open part was
 * dropped. Method: planted charges, a close and a correction, and the chargeback files as bytes.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { monthRange } from '../../foundation/months.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { charge, files, statements } from '../support/planted-books.ts';
import {
  closeAt,
  createPlantedProduct,
  type PlantedCharge,
  plant,
  rebuildAll,
  transformAt,
} from '../support/planted-product.ts';
import { testDatabase } from '../support/postgres.ts';

let pool: pg.Pool;
let folder: TemporaryFolder;

beforeEach(async ({ onTestFinished }) => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
  folder = await createFolder();
  onTestFinished(() => folder.remove());
});

const SEPTEMBER = monthRange('2026-09');

/** September closed and then corrected; October's charge is growing at the end. */
async function correctedBooks(october: Partial<PlantedCharge>): Promise<void> {
  await plant(pool, [charge('2026-09-01', '10'), charge('2026-10-01', '4', october)]);
  await transformAt(pool, '2026-10-02T00:00:00Z');
  await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER);
  await plant(pool, [charge('2026-09-01', '14'), charge('2026-10-01', '5', { isSettled: false })]);
  await transformAt(pool, '2026-10-05T00:00:00Z');
}

async function reports(): Promise<unknown[]> {
  return [
    await files(pool, folder.path, '2026-09'),
    await files(pool, folder.path, '2026-10'),
    await statements(pool),
  ];
}

describe('rebuild', () => {
  test('keeps the ledger where it is right, and makes the same reports', async () => {
    await correctedBooks({ isSettled: false });
    const before = await reports();
    expect(await rebuildAll(pool, false)).toMatchObject({ chargesPosted: 0, chargesReversed: 0 });
    expect(await reports()).toEqual(before);
  });

  test('without its history the ledger comes out the same, corrections of closed months included', async () => {
    await correctedBooks({});
    const before = await reports();
    expect(await rebuildAll(pool, true)).toMatchObject({ chargesPosted: 1, chargesReversed: 2 });
    expect(await reports()).toEqual(before);
  });
});
