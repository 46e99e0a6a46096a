/**
 * Goal: the forecast is what is charged, what runs at its known price, and what usually changes.
 * Method: planted warehouses small enough to be worked out by hand, in the comment of each test.
 */
import { describe, expect, test } from 'vitest';
import { plant, transformAt } from '../../support/planted-product.ts';
import { dailyCharges, forecastAt, plantedWarehouse, plantResources } from './warehouse.ts';

const CERTAIN = { change: '0', method: 'running' };

describe('what runs', () => {
  // 10 days and 12 hours are charged at 1 an hour; the other 492 hours of October are to come.
  test('goes on to the end of the month, for every scope that it counts in', async () => {
    const { pool } = await plantedWarehouse();
    await plantResources(pool, [{ resource: 'a', from: '2026-09-01Z', team: 'nlp' }]);
    const open = { start: '2026-10-11T00:00:00Z', end: '2026-10-11T12:00:00Z', quantity: '12' };
    await plant(pool, [
      ...dailyCharges('a', '2026-09-01', '2026-10-11'),
      { key: 'planted/a/open', resource: 'a', price: '1', isSettled: false, ...open },
    ]);
    await transformAt(pool, '2026-10-11T12:00:00Z');
    const expected = {
      month_to_date: '252',
      running: '492',
      forecast: '744',
      low: '744',
      high: '744',
      ...CERTAIN,
    };
    for (const [kind, value] of [
      ['total', 'all'],
      ['provider', 'planted'],
      ['account', 'test-account'],
      ['team', 'nlp'],
      ['project', '(no project)'],
      ['environment', '(no environment)'],
      ['cost_centre', '(no cost centre)'],
      ['sku', 'sku-1'],
    ] as const) {
      expect(await forecastAt(pool, '2026-10-11T12:00:00Z', { kind, value })).toEqual(expected);
    }
  });

  // Epochs of 24 from 1 October 14:00; the last one has begun on the 10th and is charged in full, so
  // 240 hours are. From its boundary on the 11th, 490 hours are left: November pays for the rest.
  test('begins its next epoch at the boundary of the one that is charged', async () => {
    const { pool } = await plantedWarehouse();
    await plantResources(pool, [{ resource: 'a', from: '2026-10-01T14:00:00Z' }]);
    await plant(
      pool,
      dailyCharges('a', '2026-10-01T14:00:00Z', '2026-10-11T14:00:00Z').map((epoch) => ({
        ...epoch,
        dayRule: 'seconds' as const,
      })),
    );
    await transformAt(pool, '2026-10-11T12:00:00Z');
    expect(await forecastAt(pool, '2026-10-11T12:00:00Z')).toMatchObject({
      month_to_date: '240',
      running: '490',
      forecast: '730',
    });
  });

  // Created at 12:00, ten minutes before the boundary: that epoch costs 24, as each of 24 hours does.
  // 491 h 50 min are left from 12:10 on, at 1 an hour: 24 + 491.833333.
  test.each([
    ['in the first ten minutes', '2026-10-11T12:05:00Z', 1, '515.833333333'],
    ['in the epoch after it', '2026-10-11T12:20:00Z', 2, '515.833333333'],
  ])('costs the price of a whole epoch %s, which were cut short', async (_, now, epochs, cost) => {
    const { pool } = await plantedWarehouse();
    await plantResources(pool, [{ resource: 'a', from: '2026-10-11T12:00:00Z' }]);
    const bounds = ['2026-10-11T12:00:00Z', '2026-10-11T12:10:00Z', '2026-10-12T12:10:00Z'];
    await plant(
      pool,
      Array.from({ length: epochs }, (_epoch, index) => ({
        key: `planted/a/${index}`,
        resource: 'a',
        start: bounds[index] ?? '',
        end: bounds[index + 1] ?? '',
        quantity: '1',
        unit: '24 Hours',
        price: '24',
        dayRule: 'seconds' as const,
      })),
    );
    await transformAt(pool, now);
    expect(await forecastAt(pool, now)).toMatchObject({ forecast: cost });
  });

  // Nothing is read since 28 October: November has 720 hours, and the four days before are October's.
  test('does not bring the unread days before the month into it', async () => {
    const { pool } = await plantedWarehouse();
    await plantResources(pool, [{ resource: 'a', from: '2026-09-01Z' }]);
    await plant(pool, dailyCharges('a', '2026-09-01', '2026-10-28'));
    await transformAt(pool, '2026-11-03T00:00:00Z');
    expect(await forecastAt(pool, '2026-11-03T00:00:00Z')).toMatchObject({ forecast: '720' });
  });

  // The second server was released on the 5th: its 96 hours stay, and no more come.
  test('does not go on once it has ended', async () => {
    const { pool } = await plantedWarehouse();
    await plantResources(pool, [
      { resource: 'a', from: '2026-09-01Z' },
      { resource: 'b', from: '2026-09-01Z', endedAt: '2026-10-05Z' },
    ]);
    await plant(pool, [
      ...dailyCharges('a', '2026-09-01', '2026-10-06'),
      ...dailyCharges('b', '2026-09-01', '2026-10-05'),
    ]);
    await transformAt(pool, '2026-10-06T00:00:00Z');
    expect(await forecastAt(pool, '2026-10-06T00:00:00Z')).toMatchObject({
      month_to_date: '216',
      running: '624',
    });
  });

  // Nothing is charged since the 8th: 7 days are known, 24 are taken to cost what they did.
  test('goes on when an account is not collected', async () => {
    const { pool } = await plantedWarehouse();
    await plantResources(pool, [{ resource: 'a', from: '2026-09-01Z' }]);
    await plant(pool, dailyCharges('a', '2026-09-01', '2026-10-08'));
    await transformAt(pool, '2026-10-11T00:00:00Z');
    expect(await forecastAt(pool, '2026-10-11T00:00:00Z')).toMatchObject({
      month_to_date: '168',
      running: '576',
      forecast: '744',
    });
  });

  // The rate card doubles the price on the 21st: 11 days cost 48 instead of 24.
  test('costs what a rate card already tells for later days', async () => {
    const { pool } = await plantedWarehouse();
    await plantResources(pool, [{ resource: 'a', from: '2026-09-01Z' }]);
    await plant(pool, dailyCharges('a', '2026-09-01', '2026-10-11'));
    await transformAt(pool, '2026-10-11T00:00:00Z');
    await pool.query(
      `insert into reference.rate (provider, sku, region, contract_id, unit, unit_price, currency,
         valid_from, valid_to, source_file, source_line, loaded_at)
       values
         ('planted', 'sku-1', 'r', '', 'Hours', 1, 'USD', '2026-01-01Z', '2026-10-21Z', 'f', 2, now()),
         ('planted', 'sku-1', 'r', '', 'Hours', 2, 'USD', '2026-10-21Z', null, 'f', 3, now())`,
    );
    expect(await forecastAt(pool, '2026-10-11T00:00:00Z')).toMatchObject({ forecast: '1008' });
  });
});

describe('what usually changes', () => {
  // A server a day, gone at midnight, for four whole weeks: 24 for each of the 20 days to come. What
  // 28 arrivals tell is believed but for a 28th: 480 times 27/28.
  test('is arrivals as they were, less what so few of them cannot tell', async () => {
    const { pool } = await plantedWarehouse();
    const days = Array.from({ length: 30 }, (_, index) =>
      new Date(Date.UTC(2026, 8, 12 + index)).toISOString(),
    );
    const lives = days.map((from, index) => ({
      resource: `day-${index}`,
      from,
      endedAt: new Date(Date.parse(from) + 86_400_000).toISOString(),
    }));
    await plantResources(pool, lives);
    await plant(
      pool,
      lives.flatMap(({ resource, from, endedAt }) => dailyCharges(resource, from, endedAt)),
    );
    await transformAt(pool, '2026-10-12T00:00:00Z');
    const forecast = await forecastAt(pool, '2026-10-12T00:00:00Z');
    expect(forecast).toMatchObject({
      month_to_date: '264',
      running: '0',
      change: '462.857142857',
      forecast: '726.857142857',
      method: 'running and churn',
    });
    // The spread of 20 coming days: 20 arrivals of 24 by chance, and the estimate's own.
    const halfWidth = 1.6377 * Math.sqrt(480 ** 2 / 28 + 20 * 24 ** 2);
    expect(Number(forecast?.high)).toBeCloseTo(726.857142857 + halfWidth, 5);
    expect(Number(forecast?.low)).toBeCloseTo(726.857142857 - halfWidth, 5);
  });

  // One arrival says nothing of how many come: the change is not expected, only possible.
  test('is nothing after a single arrival, but widens the band', async () => {
    const { pool } = await plantedWarehouse();
    await plantResources(pool, [
      { resource: 'a', from: '2026-08-01Z' },
      { resource: 'b', from: '2026-10-03Z' },
    ]);
    await plant(pool, [
      ...dailyCharges('a', '2026-08-01', '2026-10-11'),
      ...dailyCharges('b', '2026-10-03', '2026-10-11'),
    ]);
    await transformAt(pool, '2026-10-11T00:00:00Z');
    const forecast = await forecastAt(pool, '2026-10-11T00:00:00Z');
    expect(forecast).toMatchObject({ ...CERTAIN, forecast: String(744 + 29 * 24) });
    expect(Number(forecast?.high)).toBeGreaterThan(Number(forecast?.forecast));
  });
});

describe('a month that ends', () => {
  const months = { from: '2026-09-01', to: '2026-11-01' };

  test('is forecast at its last instant to cost what it costs', async () => {
    const { pool } = await plantedWarehouse();
    await plantResources(pool, [
      { resource: 'a', from: '2026-09-01Z', team: 'nlp' },
      { resource: 'b', from: '2026-10-20Z', team: 'web' },
      { resource: 'c', from: '2026-10-02Z', endedAt: '2026-10-09Z', team: 'web' },
    ]);
    await plant(pool, [
      ...dailyCharges('a', months.from, months.to, '0.123456789'),
      ...dailyCharges('b', '2026-10-20', months.to, '3.1'),
      ...dailyCharges('c', '2026-10-02', '2026-10-09', '0.000000007'),
    ]);
    await transformAt(pool, '2026-10-31T23:59:59.999Z');
    const { rows } = await pool.query<{ kind: string; value: string; cost: string }>(
      `select 'team' as kind, team as value, trim_scale(sum(reporting_cost))::text as cost
       from mart.rpt_cost_owned_daily where cost_month = '2026-10-01' group by team
       union all
       select 'total', 'all', trim_scale(sum(reporting_cost))::text
       from mart.rpt_cost_owned_daily where cost_month = '2026-10-01'`,
    );
    expect(rows).toHaveLength(3);
    for (const { kind, value, cost } of rows) {
      const last = await forecastAt(pool, '2026-10-31T23:59:59.999Z', { kind, value });
      expect(last).toMatchObject({ month_to_date: cost, running: '0' });
      expect(Number(last?.forecast)).toBeCloseTo(Number(cost), 3);
      const over = await forecastAt(pool, '2026-11-01T00:00:00Z', { kind, value }, '2026-10-01');
      expect(over).toEqual({
        month_to_date: cost,
        running: '0',
        change: '0',
        forecast: cost,
        low: cost,
        high: cost,
        method: 'month is over',
      });
    }
  });

  test('is not forecast at a clock before the last transform', async () => {
    const { pool } = await plantedWarehouse();
    await plant(pool, dailyCharges('a', '2026-10-01', '2026-10-03'));
    await transformAt(pool, '2026-10-03T00:00:00Z');
    await expect(forecastAt(pool, '2026-10-02T00:00:00Z')).rejects.toThrow(
      'is before the last transform',
    );
  });

  test('twice at one instant is once', async () => {
    const { pool } = await plantedWarehouse();
    await plant(pool, dailyCharges('a', '2026-09-01', '2026-10-03'));
    await transformAt(pool, '2026-10-03T00:00:00Z');
    const read = async () =>
      (await pool.query('select * from mart.forecast order by 1, 2, 3')).rows;
    await forecastAt(pool, '2026-10-03T00:00:00Z');
    const first = await read();
    await forecastAt(pool, '2026-10-03T00:00:00Z');
    expect(await read()).toEqual(first);
    expect(first.length).toBeGreaterThan(0);
  });

  test('has no forecast while nothing was ever charged', async () => {
    const { pool } = await plantedWarehouse();
    expect(await forecastAt(pool, '2026-10-02T00:00:00Z')).toBeUndefined();
  });
});
