/**
 * Goal: what dashboards read of budgets is what was judged. Method: planted costs of 10 a day for ten
 * days against a budget of 310 for October, which at an even pace is 10 a day.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { judgeBudgets } from '../../../transforms/budgets/judge-budgets.ts';
import { createPlantedProduct, plant, transformAt } from '../../support/planted-product.ts';
import { testDatabase } from '../../support/postgres.ts';
import { budgetRow, dailyCosts, expectLooks, installBudgets, lookAt } from './planted-budgets.ts';

const NOW = '2026-10-11T00:00:00Z';

let pool: pg.Pool;

async function judgeAt(now: string): Promise<void> {
  await judgeBudgets(pool, { nowMs: Date.parse(now), reportingCurrency: 'USD', channels: [] });
}

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
  await expectLooks(pool, '2026-08-01T00:00:00Z');
  await lookAt(pool, NOW);
  await plant(pool, dailyCosts('a', '2026-10-01', 10, '10'));
  await transformAt(pool, NOW);
  await installBudgets(pool, [
    // Of two rows of one budget each holds for its own periods.
    budgetRow({ budget: 'all', amount: '62', valid_to: '2026-10-01' }),
    budgetRow({ budget: 'all', amount: '310', valid_from: '2026-10-01' }),
    budgetRow({ budget: 'spent', amount: '50', scope: { provider: 'planted' } }),
  ]);
  await judgeAt(NOW);
});

test('the stored state is the one of the views, until it is judged again', async () => {
  const { rows } = await pool.query('select * from mart.rpt_budget order by budget');
  const stored = await pool.query('select * from mart.budget_state order by budget');
  expect(stored.rows).toEqual(rows);
  const shown = await pool.query(
    `select budget, scope, state, trim_scale(left_cost)::text as "left", share_forecast::text
     from mart.rpt_budget_state order by budget`,
  );
  expect(shown.rows).toEqual([
    { budget: 'all', scope: 'all costs', state: 'at risk', left: '210', share_forecast: '1.0000' },
    {
      budget: 'spent',
      scope: 'provider planted',
      state: 'broken',
      left: '-50',
      share_forecast: '6.2000',
    },
  ]);
  await judgeAt('2026-10-11T06:00:01Z');
  const later =
    await pool.query(`select trim_scale(most_cost)::text as most from mart.rpt_budget_state
     where budget = 'spent' and not is_over`);
  expect(later.rows).toEqual([{ most: '102.500115741' }]);
});

test('the burn-down goes to the end of the period, and ends where the days do', async () => {
  const { rows } = await pool.query(
    `select to_char(cost_date, 'MM-DD') as day, trim_scale(cost)::text as cost,
       trim_scale(left_cost)::text as "left", trim_scale(amount - even_cost)::text as even
     from mart.rpt_budget_burn_down where budget = 'all' order by cost_date`,
  );
  expect(rows).toHaveLength(31);
  expect(rows[0]).toEqual({ day: '10-01', cost: '10', left: '300', even: '300' });
  expect(rows[9]).toEqual({ day: '10-10', cost: '10', left: '210', even: '210' });
  expect(rows[10]).toEqual({ day: '10-11', cost: null, left: null, even: '200' });
  expect(rows[30]).toEqual({ day: '10-31', cost: null, left: null, even: '0' });
});
