/**
 * Goal: the rules about budgets fire at their thresholds and not just below, and data that is stale is
 * told and never read as no spend. Method: ten days at 10 each, transformed; budgets whose amounts put them on
 * either side.
 */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeBudgets } from '../../../transforms/budgets/judge-budgets.ts';
import { createPlantedProduct, plant, transformAt } from '../../support/planted-product.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import {
  budgetRow,
  dailyCosts,
  expectLooks,
  installBudgets,
  lookAt,
} from '../../transforms/budgets/planted-budgets.ts';
import { inCase } from './alert-case.ts';

const NOW = '2026-10-11T00:00:00Z';

let database: TestDatabase;

/** What the daemon does: transforms, then judges. */
async function judgedAt(now: string): Promise<void> {
  await transformAt(database.pool, now);
  await judgeBudgets(database.pool, {
    nowMs: Date.parse(now),
    reportingCurrency: 'USD',
    channels: [],
  });
}

beforeAll(async () => {
  database = await createTestDatabase();
  const pool: pg.Pool = database.pool;
  await createPlantedProduct(pool);
  await expectLooks(pool, '2026-08-01T00:00:00Z');
  await lookAt(pool, NOW);
  await plant(pool, dailyCosts('a', '2026-10-01', 10, '10'));
  // 100 are spent; with 21 days to go at 10 a day, 310 are expected, which is the pace, too.
  await installBudgets(
    pool,
    ['100', '100.000001', '125', '125.000001', '200', '200.000001', '258.33', '258.34', '310']
      .concat('310.000001', '5000')
      .map((amount) => budgetRow({ budget: `b${amount}`, amount })),
  );
  await judgedAt(NOW);
});

afterAll(() => database?.close());

describe('one alert per budget', () => {
  test('says that the amount is reached, from the whole amount on', async () => {
    await inCase(database, async (planted) => {
      expect(await planted.firing('meterhouse-budget-spent')).toEqual([
        'Budget b100 (all costs) is spent: 0.00 USD above its 100.00 USD',
      ]);
    });
  });

  test('or that it will break, where 310 are expected', async () => {
    await inCase(database, async (planted) => {
      expect(await planted.firing('meterhouse-budget-forecast')).toEqual(
        [
          ['100.000001', '210.00', '100.00'],
          ['125', '185.00', '125.00'],
          ['125.000001', '185.00', '125.00'],
          ['200', '110.00', '200.00'],
          ['200.000001', '110.00', '200.00'],
          ['258.33', '51.67', '258.33'],
          ['258.34', '51.66', '258.34'],
          ['310', '0.00', '310.00'],
        ]
          .map(
            ([name, above, amount]) =>
              `Budget b${name} (all costs) will break: ${above} USD above its ${amount} USD by forecast`,
          )
          .sort(),
      );
      expect(await planted.evaluate('meterhouse-budget-forecast')).toHaveLength(10);
    });
  });

  test('names owner, amount, since when, and which share is reached', async () => {
    await inCase(database, async (planted) => {
      const instances = await planted.evaluate('meterhouse-budget-forecast');
      expect(instances.find(({ labels }) => labels.budget === 'b125')).toEqual({
        labels: {
          budget: 'b125',
          owner: 'all costs',
          period: 'month',
          period_start: '2026-10-01',
          currency: 'USD',
          budget_amount: '125.00',
          reached: '80 %',
          cause: 'forecast',
        },
        value: '185.000000000',
        fires: true,
        summary: 'Budget b125 (all costs) will break: 185.00 USD above its 125.00 USD by forecast',
        description:
          'At the end of the month since 2026-10-01 (UTC) 185.00 USD more than its 125.00 USD are expected, by forecast (forecast: what runs is taken to run on; pace: a whole month at the burn of the last 7 UTC days). Spent so far: 80 % reached. Owner: all costs. Ask whether what runs is to run to the end, or raise the budget. A budget in doubt keeps its last known amount, a lower bound; "Spend cannot be judged" reports the doubt.',
      });
      const reached = instances.map(({ labels }) => [labels.budget, labels.reached]);
      expect(Object.fromEntries(reached)).toMatchObject({
        'b125.000001': '50 %',
        b200: '50 %',
        'b200.000001': 'less than 50 %',
      });
    });
  });

  // 31 days at 193.548388 are 6,000.000028, at 193.548387 they are 5,999.999997.
  test('or, where the forecast is lower, that a period at its burn costs a fifth more', async () => {
    await inCase(database, async (planted) => {
      const burn = (perDay: string) =>
        planted.connection.query(
          "update mart.budget_state set burn_per_day = $1 where budget = 'b5000'",
          [perDay],
        );
      const of5000 = (text: string) => text.includes('b5000 ');
      await burn('193.548387');
      expect((await planted.firing('meterhouse-budget-forecast')).filter(of5000)).toEqual([]);
      await burn('193.548388');
      expect((await planted.firing('meterhouse-budget-forecast')).filter(of5000)).toEqual([
        'Budget b5000 (all costs) will break: 1000.00 USD above its 5,000.00 USD by pace',
      ]);
    });
  });
});

// Each of these goes on from where the one before it ended.
describe('data that is stale', () => {
  test('is told by a rule of its own, which is silent while the data is fresh', async () => {
    // As old as its limit of six hours allows.
    await judgedAt('2026-10-11T06:00:00Z');
    await inCase(database, async (planted) => {
      expect(await planted.evaluate('meterhouse-spend-unknown')).toHaveLength(11);
      expect(await planted.firing('meterhouse-spend-unknown')).toEqual([]);
    });
    await judgedAt('2026-10-11T06:00:01Z');
    await inCase(database, async (planted) => {
      const instances = await planted.evaluate('meterhouse-spend-unknown');
      expect(instances).toHaveLength(11);
      // Between 100 and 102.50 are spent: a threshold of these lies between the two.
      const firing = instances.filter(({ fires }) => fires).map(({ labels }) => labels.budget);
      expect(firing.toSorted()).toEqual(['b100.000001', 'b125.000001', 'b200.000001']);
      expect(instances.find(({ labels }) => labels.budget === 'b125.000001')).toMatchObject({
        labels: {
          budget: 'b125.000001',
          period: 'month',
          period_start: '2026-10-01',
          reason: 'late sync',
        },
        value: '1',
        summary: 'Budget b125.000001: its spend cannot be judged: late sync',
      });
    });
  });

  test('clears no threshold: what is known to be spent stays spent', async () => {
    await judgedAt('2026-10-14T00:00:00Z');
    await inCase(database, async (planted) => {
      expect(await planted.firing('meterhouse-budget-spent')).toHaveLength(1);
      expect(await planted.evaluate('meterhouse-budget-forecast')).toHaveLength(10);
      // Between 100 and 130 are spent.
      expect(await planted.firing('meterhouse-spend-unknown')).toHaveLength(6);
    });
  });

  test('is what a judgement is that is two hours older than the warehouse', async () => {
    await lookAt(database.pool, '2026-10-14T00:00:00Z');
    await judgedAt('2026-10-14T01:00:00Z');
    await inCase(database, async (planted) => {
      await planted.clock('2026-10-14T03:00:00Z');
      expect(await planted.firing('meterhouse-spend-unknown')).toEqual([]);
      await planted.clock('2026-10-14T03:00:01Z');
      expect(await planted.firing('meterhouse-spend-unknown')).toContain(
        'Budget b100: its spend cannot be judged: old judgement',
      );
    });
  });

  test('is what no budget at all looks like: no row, which Grafana tells as an alert', async () => {
    await database.pool.query('update reference.budget set superseded_at = now()');
    await judgedAt('2026-10-14T04:00:00Z');
    await inCase(database, async (planted) => {
      for (const concern of ['budget-spent', 'budget-forecast', 'spend-unknown']) {
        expect(await planted.evaluate(`meterhouse-${concern}`)).toEqual([]);
      }
    });
  });
});
