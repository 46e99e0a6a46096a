/** Goal: a month does not close on prices whose file is refused. Method: planted charges and file states. */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { monthRange } from '../../foundation/months.ts';
import { charge } from '../support/planted-books.ts';
import { closeAt, createPlantedProduct, plant, transformAt } from '../support/planted-product.ts';
import { testDatabase } from '../support/postgres.ts';

const AUGUST = monthRange('2026-08');
const NOW = '2026-09-02T00:00:00Z';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
  await plant(pool, [charge('2026-08-31', '10')]);
  await transformAt(pool, '2026-09-01T12:00:00Z');
});

test('a refused reference file stands in the way, and no more when it is in force', async () => {
  await pool.query(
    `update reference.file_state
     set refused_at = '2026-08-20Z', defects = '{line 2: unit_price: is empty}'
     where kind = 'rates'`,
  );
  expect(await closeAt(pool, NOW, AUGUST)).toMatchObject({
    isClosed: false,
    obstacles: [
      {
        kind: 'reference files refused',
        account_id: 'all accounts',
        occurrences: 1,
        example: 'rates: line 2: unit_price: is empty',
      },
    ],
  });
  await pool.query(`update reference.file_state set refused_at = null, defects = '{}'`);
  expect(await closeAt(pool, NOW, AUGUST)).toMatchObject({ isClosed: true, obstacles: [] });
});
