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
  // 100 are spent; with 21 days to go at 10 a day, 310 are expected, which is an even pace of 310.
  await installBudgets(
    pool,
    ['100', '100.000001', '125', '125.000001', '200', '200.000001', '258.33', '258.34', '310']
      .concat('310.000001', '5000')
      .map((amount) => budgetRow({ budget: `b${amount}`, amount })),
  );
  await judgedAt(NOW);
});

afterAll(() => database?.close());

const REST = '(all costs)';

describe('what is spent', () => {
  test('fires from half, from four fifths and from the whole amount on', async () => {
    await inCase(database, async (planted) => {
      expect(await planted.firing('meterhouse-budget-50')).toEqual(
        [
          `Budget b100 ${REST}: 100.0 % is spent`,
          `Budget b100.000001 ${REST}: 100.0 % is spent`,
          `Budget b125 ${REST}: 80.0 % is spent`,
          `Budget b125.000001 ${REST}: 80.0 % is spent`,
          `Budget b200 ${REST}: 50.0 % is spent`,
        ].sort(),
      );
      expect(await planted.firing('meterhouse-budget-80')).toEqual([
        `Budget b100 ${REST}: 100.0 % is spent`,
        `Budget b100.000001 ${REST}: 100.0 % is spent`,
        `Budget b125 ${REST}: 80.0 % is spent`,
      ]);
      expect(await planted.firing('meterhouse-budget-100')).toEqual([
        `Budget b100 ${REST}: 100.0 % is spent`,
      ]);
    });
  });

  test('is told with its labels and its text', async () => {
    await inCase(database, async (planted) => {
      const instances = await planted.evaluate('meterhouse-budget-100');
      expect(instances).toHaveLength(11);
      expect(instances.find(({ labels }) => labels.budget === 'b100.000001')).toEqual({
        labels: {
          budget: 'b100.000001',
          scope: 'all costs',
          period: 'month',
          period_start: '2026-10-01',
        },
        value: '99.999999',
        fires: false,
        summary: `Budget b100.000001 ${REST}: 100.0 % is spent`,
        description:
          'The whole budget of the month from 2026-10-01 (UTC) is spent: 100.0 %. A budget in doubt keeps its last known share, a lower bound; "Spend cannot be judged" reports the doubt.',
      });
    });
  });
});

describe('what is expected', () => {
  test('fires from the amount on', async () => {
    await inCase(database, async (planted) => {
      const firing = await planted.firing('meterhouse-budget-forecast');
      expect(firing).toContain(`Budget b310 ${REST}: 100.0 % is expected at the end of its month`);
      expect(firing.filter((text) => /b(310\.000001|5000) /.test(text))).toEqual([]);
    });
  });

  test('fires where the burn is more than 1.2 times an even pace', async () => {
    await inCase(database, async (planted) => {
      const firing = await planted.firing('meterhouse-budget-pace');
      expect(firing).toContain(`Budget b258.33 ${REST} is spent at 120.0 % of an even pace`);
      expect(firing.filter((text) => /b(258\.34|310|5000) /.test(text))).toEqual([]);
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
      for (const [concern, fires] of [
        ['budget-50', 5],
        ['budget-80', 3],
        ['budget-100', 1],
        ['spend-unknown', 6], // between 100 and 130 are spent
      ] as const) {
        expect(await planted.firing(`meterhouse-${concern}`)).toHaveLength(fires);
      }
      expect(await planted.evaluate('meterhouse-budget-forecast')).toHaveLength(11);
      expect(await planted.evaluate('meterhouse-budget-pace')).toHaveLength(11);
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
      for (const concern of ['budget-50', 'budget-forecast', 'budget-pace', 'spend-unknown']) {
        expect(await planted.evaluate(`meterhouse-${concern}`)).toEqual([]);
      }
    });
  });
});
