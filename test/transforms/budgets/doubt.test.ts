/**
 * Goal: data that is stale or missing is never read as no spend. Method: planted charges, and looks
 * that stay away.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { bindParameters } from '../../../foundation/sql/bind-parameters.ts';
import { budgetsNow } from '../../../transforms/budgets/known-budgets.ts';
import { createPlantedProduct, plant, transformAt } from '../../support/planted-product.ts';
import { testDatabase } from '../../support/postgres.ts';
import {
  budgetRow,
  dailyCosts,
  expectLooks,
  installBudgets,
  lookAt,
  runningBudgets,
} from './planted-budgets.ts';

const NOW = '2026-10-11T00:00:00Z';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
  await expectLooks(pool, '2026-08-01T00:00:00Z');
  await lookAt(pool, NOW);
});

describe('what is not known is never ok', () => {
  beforeEach(async () => {
    await plant(pool, dailyCosts('a', '2026-10-01', 10, '10'));
    await transformAt(pool, NOW);
    await installBudgets(pool, [budgetRow({ budget: 'x' })]);
  });

  test('when a stream is late', async () => {
    expect((await runningBudgets(pool, '2026-10-11T02:00:00Z')).x?.state).toBe('ok');
    expect((await runningBudgets(pool, '2026-10-11T07:00:00Z')).x).toMatchObject({
      state: 'unknown',
      doubt: 'planted.servers of test-account was last read at 2026-10-11T00:00Z',
    });
  });

  test('when streams are read and nothing is transformed', async () => {
    await lookAt(pool, '2026-10-11T03:00:00Z');
    expect((await runningBudgets(pool, '2026-10-11T03:00:00Z')).x).toMatchObject({
      state: 'unknown',
      doubt: 'the last transform was at 2026-10-11T00:00Z',
    });
  });

  test('when a stretch was never read', async () => {
    await expectLooks(pool, '2026-08-01T00:00:00Z', '2026-10-05T00:00:00Z');
    const found = (await runningBudgets(pool, NOW)).x;
    expect(found?.state).toBe('unknown');
    expect(found?.doubt).toMatch(/^planted.servers of test-account was not read from 2026-10-05/);
  });

  test('when usage has no price', async () => {
    await plant(pool, dailyCosts('a', '2026-10-01', 10, '0', { priceSource: 'missing' }));
    await transformAt(pool, '2026-10-11T00:00:01Z');
    expect((await runningBudgets(pool, '2026-10-11T00:00:01Z')).x).toMatchObject({
      state: 'unknown',
      doubt: 'some usage has no price or no exchange rate',
    });
  });

  test('when an account was never collected', async () => {
    await installBudgets(pool, [budgetRow({ budget: 'y', scope: { account: 'other' } })]);
    expect((await runningBudgets(pool, NOW)).y).toMatchObject({
      state: 'unknown',
      doubt: 'nothing of it is collected',
    });
  });

  test('and no threshold of it is reached or not', async () => {
    const query = bindParameters(
      `select distinct state from (${await budgetsNow('rpt_budget_threshold')}) as judged`,
      { now: new Date('2026-10-12T00:00:00Z') },
    );
    expect((await pool.query(query)).rows).toEqual([{ state: 'unknown' }]);
  });
});
