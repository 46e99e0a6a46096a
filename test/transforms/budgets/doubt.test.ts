/**
 * Goal: data that is stale or missing is never read as no spend, and doubt is bounded in money: a budget
 * shows what is spent at least and at most. Method: planted charges of 10 a day, and syncs that stay away.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { budgetsNow } from '../../../transforms/budgets/known-budgets.ts';
import { createPlantedProduct, plant, transformAt } from '../../support/planted-product.ts';
import { testDatabase } from '../../support/postgres.ts';
import {
  budgetRow,
  dailyCosts,
  expectLooks,
  installBudgets,
  judgedRows,
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

describe('doubt is a second amount, and unknown is where nothing bounds it', () => {
  beforeEach(async () => {
    await plant(pool, dailyCosts('a', '2026-10-01', 10, '10'));
    await transformAt(pool, NOW);
    // 100 are spent.
    await installBudgets(pool, [
      budgetRow({ budget: 'x' }),
      budgetRow({ budget: 'spent', amount: '33' }),
      budgetRow({ budget: 'close', amount: '102', forecast_thresholds: [] }),
    ]);
  });

  test('a late stream: its hours at the most expensive day', async () => {
    expect((await runningBudgets(pool, '2026-10-11T02:00:00Z')).x).toMatchObject({
      state: 'ok',
      doubt: null,
      most_cost: '100.000000000',
    });
    const found = await runningBudgets(pool, '2026-10-11T07:12:00Z');
    expect(found.x).toMatchObject({
      state: 'ok',
      doubt: 'planted.servers of test-account was last read at 2026-10-11T00:00Z',
      doubt_kind: 'late sync',
      spent_cost: '100.000000000',
      most_cost: '103.000000000',
    });
    expect(found.close?.state).toBe('at risk');
    expect(found.spent?.state).toBe('broken');
  });

  test('a late transform is counted once with the late stream', async () => {
    await lookAt(pool, '2026-10-11T03:00:00Z');
    expect((await runningBudgets(pool, '2026-10-11T03:00:00Z')).x).toMatchObject({
      doubt: 'the last transform was at 2026-10-11T00:00Z',
      doubt_kind: 'late transform',
      most_cost: '101.250000000',
    });
  });

  test('a gap of 24 hours does not make a budget unknown', async () => {
    await expectLooks(pool, '2026-08-01T00:00:00Z', '2026-10-05T00:00:00Z');
    for (let hour = 0; hour < 5 * 24; hour += 6) {
      await lookAt(pool, new Date(Date.UTC(2026, 9, 6, hour)).toISOString());
    }
    const found = await runningBudgets(pool, NOW);
    expect(found.x?.doubt).toMatch(/^planted.servers of test-account was not read from 2026-10-05/);
    // From midnight, when the sync at 18:00 had become stale, to the next one.
    expect(found.x).toMatchObject({
      state: 'ok',
      doubt_kind: 'gap between syncs',
      most_cost: '110.000000000',
    });
    expect(found.spent?.state).toBe('broken');
  });

  test('usage without a price: each resource at the most expensive one of its account', async () => {
    await plant(pool, [
      ...dailyCosts('a', '2026-10-01', 10, '10'),
      ...dailyCosts('b', '2026-10-01', 2, '0', { priceSource: 'missing' }),
    ]);
    await transformAt(pool, '2026-10-11T00:00:01Z');
    const found = await runningBudgets(pool, '2026-10-11T00:00:01Z');
    expect(found.x).toMatchObject({
      state: 'ok',
      doubt: 'some usage has no price or no exchange rate',
      doubt_kind: 'usage without a price',
      most_cost: '120.000000000',
    });
    expect(found.spent).toMatchObject({ state: 'broken', spent_cost: '100.000000000' });
  });

  test('an account without any price is unknown', async () => {
    await plant(pool, dailyCosts('a', '2026-10-01', 10, '0', { priceSource: 'missing' }));
    await transformAt(pool, '2026-10-11T00:00:01Z');
    expect((await runningBudgets(pool, '2026-10-11T00:00:01Z')).x).toMatchObject({
      state: 'unknown',
      most_cost: null,
      doubt: 'some usage has no price or no exchange rate',
    });
  });

  test('an account that was never collected is unknown', async () => {
    await installBudgets(pool, [budgetRow({ budget: 'y', scope: { account: 'other' } })]);
    expect((await runningBudgets(pool, NOW)).y).toMatchObject({
      state: 'unknown',
      doubt: 'nothing of it is collected',
    });
  });

  test('a threshold is reached at least, not reached at most, and unknown between', async () => {
    const query = `select budget, trim_scale(percent)::text as percent, state, is_near
       from (${await budgetsNow('rpt_budget_threshold')}) as judged
       where not is_over and kind = 'actual' order by budget, judged.percent`;
    const row = (budget: string, percent: string, state: string, is_near: boolean) => ({
      budget,
      percent,
      state,
      is_near,
    });
    expect(await judgedRows(pool, query, '2026-10-12T00:00:00Z')).toEqual([
      row('close', '50', 'reached', true),
      row('close', '80', 'reached', true),
      row('close', '100', 'unknown', true),
      row('spent', '50', 'reached', true),
      row('spent', '80', 'reached', true),
      row('spent', '100', 'reached', true),
      row('x', '50', 'not reached', false),
      row('x', '80', 'not reached', false),
      row('x', '100', 'not reached', false),
    ]);
  });
});
