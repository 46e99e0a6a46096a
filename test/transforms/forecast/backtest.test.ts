/**
 * Goal: the backtest knows nothing of later days, and tells where the simple methods are as good.
 * Method: one server that always runs, and one that arrives within the month and stays.
 */
import { expect, test } from 'vitest';
import { type BacktestRow, backtest } from '../../../transforms/forecast/backtest.ts';
import { plant, transformAt } from '../../support/planted-product.ts';
import { dailyCharges, plantedWarehouse, plantResources } from './warehouse.ts';

test('a server that arrives is known from the next midnight on', async () => {
  const { pool } = await plantedWarehouse();
  await plantResources(pool, [
    { resource: 'a', from: '2026-08-01Z' },
    { resource: 'b', from: '2026-10-10Z' },
  ]);
  await plant(pool, [
    ...dailyCharges('a', '2026-09-01', '2026-11-02'),
    ...dailyCharges('b', '2026-10-10', '2026-11-02'),
  ]);
  await transformAt(pool, '2026-11-02T00:00:00Z');
  const connection = await pool.connect();
  await connection.query('begin');
  const result = await backtest(connection, Date.parse('2026-11-02T00:00:00Z'), 1);
  const left = await connection.query('select from mart.forecast');
  await connection.query('rollback');
  connection.release();

  expect([result.from, result.to]).toEqual(['2026-10-01', '2026-10-31']);
  const day = (number: number): BacktestRow | undefined =>
    result.rows.find(({ day_of_month }) => day_of_month === number);
  // 744 forecast, 744 + 22 * 24 = 1272 come: 41.5% off, however one looks at it.
  expect(day(10)).toMatchObject({ forecast_mean: '41.5', flat_mean: '41.5', linear_mean: '41.5' });
  expect(day(10)).toMatchObject({ beats_flat: false, beats_linear: false });
  // From then on all is known but that nobody else comes, which one arrival does not make expected.
  expect(day(11)).toMatchObject({ forecast_mean: '0.0', covered: '100', beats_flat: true });
  // The flat mean of 14 days, one of them 48 and the others 24: 540 instead of the 1008 to come.
  expect(day(11)?.flat_mean).toBe('36.8');
  expect(left.rowCount).toBe(0);
});

test('without a month that is over there is nothing to test on', async () => {
  const { pool } = await plantedWarehouse();
  await plant(pool, dailyCharges('a', '2026-10-25', '2026-11-02'));
  await transformAt(pool, '2026-11-02T00:00:00Z');
  const connection = await pool.connect();
  const result = await backtest(connection, Date.parse('2026-11-02T00:00:00Z'), 3);
  connection.release();
  expect(result).toEqual({ from: null, to: null, rows: [] });
});
