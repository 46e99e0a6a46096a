/**
 * Goal: a closed month tells what its statement comes to per currency, what of that corrects earlier
 * months, and what was learnt of its days since. Method: two planted months, closed and corrected.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { monthRange } from '../../../foundation/months.ts';
import { charge } from '../../support/planted-books.ts';
import {
  closeAt,
  createPlantedProduct,
  plant,
  transformAt,
} from '../../support/planted-product.ts';
import { testDatabase } from '../../support/postgres.ts';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
});

async function closedMonths(): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `select format('%s %s: %s stated, %s of earlier months, %s learnt since%s',
       to_char(month, 'YYYY-MM'), billing_currency, trim_scale(stated_cost),
       trim_scale(of_earlier_cost), trim_scale(learnt_since_cost),
       case when is_forced then ', forced: ' || obstacles else '' end) as line
     from mart.rpt_closed_month order by month, billing_currency`,
  );
  return rows.map((row) => row.line);
}

test('what is learnt of a closed month is told beside its statement, which stays', async () => {
  const facts = (august: string, september: string) => [
    charge('2026-08-31', august),
    charge('2026-09-30', september),
    charge('2026-10-01', '100'),
    charge('2026-09-29', '4', { currency: 'EUR' }),
  ];
  await plant(pool, facts('10', '20'));
  await transformAt(pool, '2026-10-02T00:00:00Z');
  expect(await closedMonths()).toEqual([]);
  await closeAt(pool, '2026-10-02T00:00:00Z', monthRange('2026-08'));
  await plant(pool, facts('14', '20'));
  await transformAt(pool, '2026-10-03T00:00:00Z');
  await closeAt(pool, '2026-10-03T00:00:00Z', monthRange('2026-09'), true);
  await plant(pool, facts('14', '16'));
  await transformAt(pool, '2026-10-04T00:00:00Z');
  expect(await closedMonths()).toEqual([
    '2026-08 USD: 2.5 stated, 0 of earlier months, 1 learnt since',
    '2026-09 EUR: 1 stated, 0 of earlier months, 0 learnt since, forced: no exchange rate (1)',
    '2026-09 USD: 6 stated, 1 of earlier months, -1 learnt since, forced: no exchange rate (1)',
  ]);
});
