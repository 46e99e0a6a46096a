/**
 * Goal: an accrual that a closed statement contains, because its resource was set aside at the close, is
 * explained for good. Method: a planted product whose query fails for a while; the month is closed by
 * force, then the charge comes at another amount, or not at all.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { monthRange } from '../../../foundation/months.ts';
import { sqlFile } from '../../../foundation/sql/sql-file.ts';
import { explain } from '../../../transforms/explain/explain.ts';
import { closeMonth } from '../../../transforms/ledger/close-month.ts';
import { runTransform, type TransformOptions } from '../../../transforms/ledger/run-transform.ts';
import { charge } from '../../support/planted-books.ts';
import { createPlantedProduct, plant } from '../../support/planted-product.ts';
import { testDatabase } from '../../support/postgres.ts';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
  await pool.query('create table public.divisor as select 1 as value');
});

function optionsAt(now: string): TransformOptions {
  return {
    manifest: {
      views: [],
      products: [
        {
          product: 'planted',
          resourceStateView: 'public.planted_state',
          sources: new Set(),
          queries: {
            changed_resource: `select 'test-account' as account_id, resource_id,
              '-infinity'::timestamptz as from_at from public.planted_resource`,
            charge: `select planted.* from public.planted_charge as planted
              join scope using (account_id, resource_id)
              where planted.charge_date >= scope.from_date
                and 1 / (select value from public.divisor) = 1`,
          },
        },
      ],
    },
    reference: null,
    reportingCurrency: 'USD',
    nowMs: Date.parse(now),
  };
}

/** An accrual of 2.5 on the last of September, which is closed while the query fails. */
async function closeWithAnAccrual(): Promise<void> {
  await plant(pool, [charge('2026-09-30', '10', { isSettled: false })]);
  await runTransform(pool, optionsAt('2026-10-01T06:00:00Z'));
  await pool.query('update public.divisor set value = 0');
  const close = { ...optionsAt('2026-10-01T12:00:00Z'), ...monthRange('2026-09') };
  expect(await closeMonth(pool, { ...close, isForced: true })).toMatchObject({
    isClosed: true,
    chargesPosted: 0,
    statementRows: 1,
  });
  await pool.query('update public.divisor set value = 1');
}

/** What each statement contains, and the parts that make it. */
async function explained(month: string): Promise<{ lines: string[]; parts: string[] }> {
  const { lines, parts } = await explain(pool, {
    subjects: ['resource-1'],
    account: null,
    meter: null,
    month: `${month}-01`,
    reportingCurrency: 'USD',
  });
  return {
    lines: lines.map((line) => `${line.month}: ${line.billed_cost} of ${line.posted_cost}`),
    parts: parts.map(
      (part) =>
        `${part.statement_month}: ${part.charge_id === null ? 'accrual ' : ''}${part.entry} ${part.billed_cost}`,
    ),
  };
}

test('an accrual of a closed statement and the charge that took its place add up to both statements', async () => {
  await closeWithAnAccrual();
  await plant(pool, [charge('2026-09-30', '14')]);
  await runTransform(pool, optionsAt('2026-10-01T18:00:00Z'));
  for (const month of ['2026-09', '2026-10']) {
    const { lines, parts } = await explained(month);
    expect(lines).toEqual(['2026-09: 2.5 of 2.5', '2026-10: 1 of 1']);
    expect([...parts].sort()).toEqual([
      '2026-09: accrual charge 2.5',
      '2026-10: accrual reversal -2.5',
      '2026-10: charge 3.5',
    ]);
  }
});

test('an accrual of a closed statement that never became a charge is explained, also after two months', async () => {
  await closeWithAnAccrual();
  await plant(pool, []);
  await runTransform(pool, optionsAt('2026-10-01T18:00:00Z'));
  // Shown for 12 hours of one day: what no statement contains is let go then.
  const parameters = { now: new Date('2027-01-01T00:00:00Z') };
  await pool.query(await sqlFile('transforms/marts/prune_history', { parameters }));
  const { lines, parts } = await explained('2026-09');
  expect(lines).toEqual(['2026-09: 2.5 of 2.5', '2026-10: -2.5 of -2.5']);
  expect([...parts].sort()).toEqual([
    '2026-09: accrual charge 2.5',
    '2026-10: accrual reversal -2.5',
  ]);
});
