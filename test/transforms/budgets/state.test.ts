/**
 * Goal: each budget's state is what its costs and its forecast say. Method: planted charges and
 * looks; expected amounts are worked out by hand.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { Knowledge } from '../../../app/knowledge.ts';
import { budgetsNow, budgetsThen } from '../../../transforms/budgets/known-budgets.ts';
import { readAllocation } from '../../../transforms/reference/read-allocation.ts';
import { createFolder } from '../../support/folder.ts';
import {
  allocateBy,
  createPlantedProduct,
  plant,
  plantResource,
  transformAt,
} from '../../support/planted-product.ts';
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

const states = () => runningBudgets(pool, NOW);

describe('the state', () => {
  // 10 a day for ten days: 100 spent, a burn of 10, and 21 days to go: 310.
  beforeEach(async () => {
    await plantResource(pool, 'a', { tags: ['team:nlp'] });
    await plant(pool, dailyCosts('a', '2026-10-01', 10, '10'));
    await transformAt(pool, NOW);
  });

  test('follows thresholds, forecast and amount', async () => {
    await installBudgets(pool, [
      budgetRow({ budget: 'ok', amount: '1000' }),
      budgetRow({ budget: 'warning', amount: '200', forecast_thresholds: [] }),
      budgetRow({ budget: 'at-risk', amount: '310' }),
      budgetRow({ budget: 'not-at-risk', amount: '310.01' }),
      budgetRow({ budget: 'used-up', amount: '100', forecast_thresholds: [] }),
      budgetRow({ budget: 'broken', amount: '99.99' }),
    ]);
    const found = await states();
    expect(Object.fromEntries(Object.entries(found).map(([id, row]) => [id, row.state]))).toEqual({
      ok: 'ok',
      warning: 'warning',
      'at-risk': 'at risk',
      'not-at-risk': 'ok',
      'used-up': 'warning',
      broken: 'broken',
    });
    expect(found.warning).toMatchObject({
      amount: '200.000000000',
      spent_cost: '100.000000000',
      forecast_cost: '310.000000000',
      forecast_low_cost: '310.000000000',
      burn_per_day: '10.000000000',
      share_used: '0.5000',
      share_elapsed: '0.3226',
      pace: '1.55',
      breaks_at: new Date('2026-10-21T00:00:00Z'),
      stalest_look_at: new Date(NOW),
      known_at: new Date(NOW),
    });
    expect(found.broken?.breaks_at).toEqual(new Date('2026-10-10T00:00:00Z'));
    expect(found.ok?.breaks_at).toBeNull();
  });

  // Ten of 31 days are over, 0.32258: 100 of 311 are 0.32154, 100 of 309 are 0.32362.
  test('warns of a threshold only where it is reached sooner than time goes by', async () => {
    const early = { actual_thresholds: ['25'], forecast_thresholds: [] };
    await installBudgets(pool, [
      budgetRow({ budget: 'even', amount: '311', ...early }),
      budgetRow({ budget: 'ahead', amount: '309', ...early }),
    ]);
    const found = await states();
    expect([found.even?.state, found.ahead?.state]).toEqual(['ok', 'warning']);
  });

  test('is of the scope alone, all of whose dimensions must hold', async () => {
    await plantResource(pool, 'b', { tags: ['team:web', 'env:prod'] });
    await plant(pool, [
      ...dailyCosts('a', '2026-10-01', 10, '10'),
      ...dailyCosts('b', '2026-10-01', 5, '7'),
    ]);
    await transformAt(pool, '2026-10-11T00:00:01Z');
    const scopes: Record<string, Record<string, string>> = {
      total: {},
      nlp: { team: 'nlp' },
      web: { team: 'web', environment: 'prod' },
      'web-dev': { team: 'web', environment: 'dev' },
      sku: { provider: 'planted', sku: 'another' },
      account: { account: 'test-account' },
    };
    await installBudgets(
      pool,
      Object.entries(scopes).map(([budget, scope]) => budgetRow({ budget, scope })),
    );
    const found = await states();
    expect(
      Object.fromEntries(Object.entries(found).map(([id, row]) => [id, row.spent_cost])),
    ).toMatchObject({
      total: '135.000000000',
      nlp: '100.000000000',
      web: '35.000000000',
      'web-dev': '0',
      sku: '0',
      account: '135.000000000',
    });
  });

  test('is the same in the mart, by the command, and as it was known then', async () => {
    await installBudgets(pool, [budgetRow({ budget: 'x', amount: '150', growth_percent: null })]);
    const order = 'order by budget, period_start, kind, percent';
    const mart = await pool.query(`select * from mart.rpt_budget_threshold ${order}`);
    const now = `select * from (${await budgetsNow('rpt_budget_threshold')}) as judged ${order}`;
    const knowledge = await Knowledge.of(Date.parse(NOW), { from: '-infinity', to: '2026-10-12' });
    const then = await knowledge.query(
      pool,
      `select * from (${await budgetsThen('rpt_budget_threshold')}) as judged ${order}`,
    );
    expect(mart.rows).toHaveLength(4);
    expect(await judgedRows(pool, now, NOW)).toEqual(mart.rows);
    expect(then).toEqual(mart.rows);
  });
});

describe('the forecast', () => {
  beforeEach(async () => {
    await plant(pool, dailyCosts('a', '2026-10-01', 10, '10'));
    await transformAt(pool, NOW);
  });

  /** Of the running month, as `meterhouse forecast` stores it. */
  const store = async (kind: string, value: string, cost: number, asOf = NOW): Promise<void> => {
    await pool.query(
      `insert into mart.forecast values
       ('2026-10-01', $1, $2, $4, 100, $3::numeric - 100, 0, $3, $3::numeric - 50,
         $3::numeric + 50, 'USD', 'running and churn')`,
      [kind, value, cost, asOf],
    );
  };
  const forecasts = async (): Promise<Record<string, unknown[]>> => {
    const found = Object.entries(await states());
    return Object.fromEntries(
      found.map(([id, row]) => [
        id,
        [row.forecast_method, row.forecast_cost, row.forecast_high_cost],
      ]),
    );
  };

  test('is the stored one of the scope, and the burn for months after it', async () => {
    await store('total', 'all', 400);
    await store('provider', 'planted', 380);
    await installBudgets(pool, [
      budgetRow({ budget: 'month' }),
      budgetRow({ budget: 'provider', scope: { provider: 'planted' } }),
      budgetRow({ budget: 'quarter', period: 'quarter' }),
      budgetRow({ budget: 'both', scope: { provider: 'planted', account: 'test-account' } }),
    ]);
    expect(await forecasts()).toEqual({
      month: ['running and churn', '400.000000000', '450.000000000'],
      provider: ['running and churn', '380.000000000', '430.000000000'],
      // 61 days of November and December at 10.
      quarter: ['running and churn', '1010.000000000', '1060.000000000'],
      both: ['burn of 7 days', '310.000000000', '310.000000000'],
    });
  });

  test('is not the stored one when that is an hour older than the last transform', async () => {
    await store('total', 'all', 400, '2026-10-10T22:59:00Z');
    await installBudgets(pool, [budgetRow({ budget: 'month' })]);
    expect((await forecasts()).month?.[0]).toBe('burn of 7 days');
  });

  test('of a cost centre is that of all below it', async () => {
    await pool.query(
      `insert into reference.cost_centre (cost_centre, parent, name, source_file, loaded_at)
       values ('top', null, 'top', 'x', $1), ('left', 'top', 'left', 'x', $1)`,
      [NOW],
    );
    await store('cost_centre', 'top', 110);
    await store('cost_centre', 'left', 220);
    await installBudgets(pool, [budgetRow({ budget: 'top', scope: { cost_centre: 'top' } })]);
    expect((await forecasts()).top).toEqual([
      'running and churn',
      '330.000000000',
      '430.000000000',
    ]);
  });
});

test('periods are whole months, quarters and years, and dated rows follow each other', async () => {
  await plant(pool, [
    ...dailyCosts('a', '2026-08-31', 1, '1'),
    ...dailyCosts('a', '2026-09-30', 1, '2'),
    ...dailyCosts('a', '2026-10-01', 1, '4'),
  ]);
  await transformAt(pool, NOW);
  await installBudgets(pool, [
    budgetRow({ budget: 'month', valid_to: '2026-10-01', amount: '5' }),
    budgetRow({ budget: 'month', valid_from: '2026-10-01', amount: '6' }),
    budgetRow({ budget: 'quarter', period: 'quarter' }),
    budgetRow({ budget: 'year', period: 'year' }),
  ]);
  const { rows } = await pool.query(
    `select budget, period_start, trim_scale(amount) as amount, trim_scale(spent_cost) as spent_cost
     from mart.rpt_budget order by budget, period_start`,
  );
  const row = (budget: string, period_start: string, amount: string, spent_cost: string) => ({
    budget,
    period_start,
    amount,
    spent_cost,
  });
  expect(rows).toEqual([
    row('month', '2026-09-01', '5', '2'),
    row('month', '2026-10-01', '6', '4'),
    row('quarter', '2026-07-01', '1000', '3'),
    row('quarter', '2026-10-01', '1000', '4'),
    row('year', '2026-01-01', '1000', '7'),
  ]);
});

test('a cost centre has a budget for all that is below it', async ({ onTestFinished }) => {
  const folder = await createFolder();
  onTestFinished(() => folder.remove());
  const file = path.join(folder.path, 'allocation.yaml');
  await writeFile(
    file,
    `
cost_centres: [{ id: top }, { id: left, parent: top }, { id: right, parent: top }]
teams: [{ id: a, cost_centre: left }, { id: b, cost_centre: right }, { id: c, cost_centre: top }]
rules: [{ id: tag, match: { tag: 'team:*' }, set: { team: '*' } }]
`,
  );
  allocateBy(await readAllocation(file));
  for (const team of ['a', 'b', 'c']) await plantResource(pool, team, { tags: [`team:${team}`] });
  await plantResource(pool, 'd', {});
  await plant(
    pool,
    ['a', 'b', 'c', 'd'].flatMap((team, index) =>
      dailyCosts(team, '2026-10-05', 1, String(10 ** index)),
    ),
  );
  await transformAt(pool, NOW);
  await installBudgets(
    pool,
    ['top', 'left', 'right'].map((centre) =>
      budgetRow({ budget: centre, scope: { cost_centre: centre } }),
    ),
  );
  const found = await states();
  expect([found.top, found.left, found.right].map((row) => row?.spent_cost)).toEqual([
    '111.000000000',
    '1.000000000',
    '10.000000000',
  ]);
});

test('growth starts from the period before, and is unknown without one', async () => {
  await plant(pool, dailyCosts('a', '2026-09-10', 5, '20'));
  await transformAt(pool, NOW);
  await installBudgets(pool, [
    budgetRow({ budget: 'more', amount: null, growth_percent: '12.5' }),
    budgetRow({ budget: 'none', amount: null, growth_percent: '5', scope: { team: 'new' } }),
  ]);
  const found = await states();
  expect(found.more).toMatchObject({ state: 'ok', amount: '112.50' });
  expect(found.none).toMatchObject({
    state: 'unknown',
    amount: null,
    doubt: 'the period before has no cost to grow from',
  });
});
