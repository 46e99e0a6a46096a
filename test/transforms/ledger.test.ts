/**
 * Goal: the ledger follows what is desired by appending, never by rewriting, and the daily facts
 * always equal it. Method: a planted product on a real database; whole rows are compared.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  createPlantedProduct,
  type PlantedCharge,
  plant,
  transformAt,
} from '../support/planted-product.ts';
import { testDatabase } from '../support/postgres.ts';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await createPlantedProduct(pool);
});

const DAY_1: PlantedCharge = {
  key: 'planted/1/2026-10-01',
  start: '2026-10-01T00:00:00Z',
  end: '2026-10-02T00:00:00Z',
  quantity: '24',
  price: '0.25',
};

async function entries(): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select entry, revision, trim_scale(quantity) as quantity, trim_scale(billed_cost) as billed_cost,
       reason, to_char(recorded_at, 'YYYY-MM-DD') as recorded
     from ledger.charge order by charge_id`,
  );
  return rows;
}

async function facts(): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select resource_id, cost_date, billing_currency, trim_scale(billed_cost) as billed_cost,
       trim_scale(reporting_cost) as reporting_cost, trim_scale(accrued_cost) as accrued_cost
     from mart.fct_cost_daily order by resource_id, cost_date`,
  );
  return rows;
}

describe('the ledger', () => {
  test('enters a settled charge once, however often the transform runs', async () => {
    await plant(pool, [DAY_1]);
    const first = await transformAt(pool, '2026-10-02T01:00:00Z');
    const again = await transformAt(pool, '2026-10-02T01:00:00Z');
    expect(first).toMatchObject({ chargesPosted: 1, chargesReversed: 0, accrualsWritten: 0 });
    expect(again).toMatchObject({ chargesPosted: 0, chargesReversed: 0, accrualsWritten: 0 });
    expect(await entries()).toEqual([
      {
        entry: 'charge',
        revision: 1,
        quantity: '24',
        billed_cost: '6',
        reason: 'first entry',
        recorded: '2026-10-02',
      },
    ]);
    expect(await facts()).toEqual([
      {
        resource_id: 'resource-1',
        cost_date: '2026-10-01',
        billing_currency: 'USD',
        billed_cost: '6',
        reporting_cost: '6',
        accrued_cost: '0',
      },
    ]);
  });

  test('corrects by reversal and re-entry, each with its day and reason', async () => {
    await plant(pool, [DAY_1]);
    await transformAt(pool, '2026-10-02T01:00:00Z');
    await plant(pool, [{ ...DAY_1, quantity: '23' }]);
    await transformAt(pool, '2026-10-03T01:00:00Z');
    expect((await entries()).slice(1)).toEqual([
      {
        entry: 'reversal',
        revision: 1,
        quantity: '-24',
        billed_cost: '-6',
        reason: 'quantity restated',
        recorded: '2026-10-03',
      },
      {
        entry: 'charge',
        revision: 2,
        quantity: '23',
        billed_cost: '5.75',
        reason: 'quantity restated',
        recorded: '2026-10-03',
      },
    ]);
    expect(await facts()).toMatchObject([{ billed_cost: '5.75' }]);
  });

  test('takes a withdrawn charge back, and enters it anew when it returns', async () => {
    await plant(pool, [DAY_1]);
    await transformAt(pool, '2026-10-02T01:00:00Z');
    await plant(pool, []);
    await transformAt(pool, '2026-10-03T01:00:00Z');
    expect(await facts()).toEqual([]);
    await plant(pool, [DAY_1]);
    await transformAt(pool, '2026-10-04T01:00:00Z');
    expect(await entries()).toMatchObject([
      { entry: 'charge', revision: 1 },
      { entry: 'reversal', revision: 1 },
      { entry: 'charge', revision: 2, billed_cost: '6' },
    ]);
    expect(await facts()).toMatchObject([{ billed_cost: '6' }]);
  });

  test('moves a charge to another resource without losing or doubling it', async () => {
    await plant(pool, [DAY_1]);
    await transformAt(pool, '2026-10-02T01:00:00Z');
    await plant(pool, [{ ...DAY_1, resource: 'resource-2' }]);
    await transformAt(pool, '2026-10-02T02:00:00Z');
    expect(await facts()).toMatchObject([{ resource_id: 'resource-2', billed_cost: '6' }]);
  });

  test.each(['update ledger.charge set billed_cost = 0', 'delete from ledger.charge'])(
    'refuses: %s',
    async (statement) => {
      await plant(pool, [DAY_1]);
      await transformAt(pool, '2026-10-02T01:00:00Z');
      await expect(pool.query(statement)).rejects.toThrow('append-only');
    },
  );

  test('refuses a clock that is earlier than the last run', async () => {
    await transformAt(pool, '2026-10-02T01:00:00Z');
    await expect(transformAt(pool, '2026-10-02T00:59:59Z')).rejects.toThrow(
      'is earlier than the last transform',
    );
  });

  test('posts nothing twice when two transforms run at once', async () => {
    await plant(pool, [DAY_1]);
    await Promise.all([
      transformAt(pool, '2026-10-02T01:00:00Z'),
      transformAt(pool, '2026-10-02T01:00:00Z'),
    ]);
    expect(await entries()).toHaveLength(1);
  });
});

describe('accruals', () => {
  test('grow in place and never reach the ledger before they are settled', async () => {
    await plant(pool, [{ ...DAY_1, quantity: '5', isSettled: false }]);
    await transformAt(pool, '2026-10-01T05:00:00Z');
    await plant(pool, [{ ...DAY_1, quantity: '9', isSettled: false }]);
    await transformAt(pool, '2026-10-01T09:00:00Z');
    expect(await entries()).toEqual([]);
    expect(await facts()).toMatchObject([{ billed_cost: '2.25', accrued_cost: '2.25' }]);
    await plant(pool, [DAY_1]);
    await transformAt(pool, '2026-10-02T00:00:00Z');
    expect(await facts()).toMatchObject([{ billed_cost: '6', accrued_cost: '0' }]);
    const { rows } = await pool.query('select count(*) as count from mart.accrual');
    expect(rows).toEqual([{ count: 0 }]);
  });
});

describe('currencies', () => {
  const EURO = { ...DAY_1, currency: 'EUR' };

  test('are reported at the rate of the charge\u2019s day, and never guessed', async () => {
    await plant(pool, [EURO]);
    await transformAt(pool, '2026-10-02T01:00:00Z');
    expect(await facts()).toMatchObject([{ billing_currency: 'EUR', reporting_cost: '0' }]);
    const { rows: unknown } = await pool.query('select reporting_cost from ledger.charge');
    expect(unknown).toEqual([{ reporting_cost: null }]);
    const rates = [
      { base: 'EUR', day: '2026-09-30', rate: '1.1' },
      { base: 'EUR', day: '2026-10-02', rate: '1.3' },
    ];
    await transformAt(pool, '2026-10-02T02:00:00Z', rates);
    expect(await facts()).toMatchObject([{ billed_cost: '6', reporting_cost: '6.6' }]);
    expect((await entries()).at(-1)).toMatchObject({ reason: 'exchange rate restated' });
  });
});

describe('days', () => {
  test('share an epoch by seconds, and add up to it to the last unit', async () => {
    await plant(pool, [
      {
        key: 'planted/epoch',
        start: '2026-10-01T17:55:00Z',
        end: '2026-10-03T17:55:00Z',
        quantity: '1',
        price: '0.298161',
        dayRule: 'seconds',
      },
    ]);
    await transformAt(pool, '2026-10-04T00:00:00Z');
    expect(await facts()).toMatchObject([
      { cost_date: '2026-10-01', billed_cost: '0.037787766' },
      { cost_date: '2026-10-02', billed_cost: '0.1490805' },
      { cost_date: '2026-10-03', billed_cost: '0.111292734' },
    ]);
    const { rows } = await pool.query(
      'select sum(billed_cost) = 0.298161 as is_whole from mart.fct_cost_daily',
    );
    expect(rows).toEqual([{ is_whole: true }]);
  });
});
