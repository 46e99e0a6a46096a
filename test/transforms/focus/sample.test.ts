/**
 * Goal: a real bill of three clouds is in the ledger to the last digit. Method: the published sample, whose
 * sums were added up by hand (ORIGIN.md).
 */
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { collected, deliveryFolder, texts, transformed } from './warehouse.ts';

const SAMPLE = path.resolve(import.meta.dirname, '../../fixtures/focus/focus-1.0-sample.csv.gz');

test('a real bill of three clouds adds up to the last digit', async () => {
  const { pool } = await testDatabase();
  const folder = deliveryFolder();
  copyFileSync(SAMPLE, path.join(folder, 'focus-2024-09.csv.gz'));

  const [swept] = await collected(pool, folder, '2024-10-05T00:00:00Z');
  expect(swept).toMatchObject({ outcome: 'complete', slice: 'focus-2024-09' });
  const run = await transformed(pool, '2024-10-05T01:00:00Z');

  expect(run.setAside).toBe(0);
  // As the files have it: eleven digits.
  expect(
    await texts(
      pool,
      `select provider, count(*), sum(billed_cost) from staging.stg_focus__charge
       where ended_at is null group by provider order by provider collate "C"`,
    ),
  ).toEqual([
    'focus-aws 942 18.00663861840',
    'focus-microsoft 51 1.97651418586',
    'focus-oracle 7 0.53707392473',
  ]);
  // The ledger has nine, and the nearest ones.
  expect(
    await texts(
      pool,
      `select provider, sum(billed_cost), count(*) filter (where meter <> 'rounding')
       from ledger.charge group by provider order by provider collate "C"`,
    ),
  ).toEqual([
    'focus-aws 18.006638618 942',
    'focus-microsoft 1.976514186 51',
    'focus-oracle 0.537073925 7',
  ]);
});
