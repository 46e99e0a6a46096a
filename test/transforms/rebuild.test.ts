/**
 * Goal: what is computed again from landing is what was there, also when the ledger's open part was
 * dropped. Method: planted charges, a close and a correction, and the chargeback files as bytes.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { monthRange } from '../../app/months.ts';
import { createFolder, type TemporaryFolder } from '../support/folder.ts';
import { charge, files, statements } from '../support/planted-books.ts';
import {
  closeAt,
  createPlantedProduct,
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

describe('rebuild', () => {
  test('keeps the ledger where it is right, and makes the same reports', async () => {
    await plant(pool, [
      charge('2026-09-01', '10'),
      charge('2026-10-01', '4', { isSettled: false }),
    ]);
    await transformAt(pool, '2026-10-02T00:00:00Z');
    await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER);
    await plant(pool, [
      charge('2026-09-01', '14'),
      charge('2026-10-01', '5', { isSettled: false }),
    ]);
    await transformAt(pool, '2026-10-05T00:00:00Z');
    const before = [
      await files(pool, folder.path, '2026-09'),
      await files(pool, folder.path, '2026-10'),
      await statements(pool),
    ];
    expect(await rebuildAll(pool, false)).toMatchObject({ chargesEntered: 0, chargesReversed: 0 });
    expect([
      await files(pool, folder.path, '2026-09'),
      await files(pool, folder.path, '2026-10'),
      await statements(pool),
    ]).toEqual(before);
  });

  test('without its history the ledger comes out the same, corrections of closed months included', async () => {
    await plant(pool, [charge('2026-09-01', '10'), charge('2026-10-01', '4')]);
    await transformAt(pool, '2026-10-02T00:00:00Z');
    await closeAt(pool, '2026-10-02T00:00:00Z', SEPTEMBER);
    await plant(pool, [
      charge('2026-09-01', '14'),
      charge('2026-10-01', '5', { isSettled: false }),
    ]);
    await transformAt(pool, '2026-10-05T00:00:00Z');
    const before = [
      await files(pool, folder.path, '2026-09'),
      await files(pool, folder.path, '2026-10'),
      await statements(pool),
    ];
    expect(await rebuildAll(pool, true)).toMatchObject({ chargesEntered: 1, chargesReversed: 2 });
    expect([
      await files(pool, folder.path, '2026-09'),
      await files(pool, folder.path, '2026-10'),
      await statements(pool),
    ]).toEqual(before);
  });
});
