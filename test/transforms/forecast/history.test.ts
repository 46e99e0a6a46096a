/** Goal: what was forecast is kept as it was, a day's last forecast each, and held against what came. */
import { expect, test } from 'vitest';
import { plant, transformAt } from '../../support/planted-product.ts';
import { dailyCharges, forecastAt, plantedWarehouse, plantResources } from './warehouse.ts';

// A server of 24 a day: October is forecast at 744, and comes to 696 as it ends two days early.
test('forecasts stand as they were made, and beside them what the month came to', async () => {
  const { pool } = await plantedWarehouse();
  await plantResources(pool, [{ resource: 'a', from: '2026-09-01Z' }]);
  await plant(pool, dailyCharges('a', '2026-09-01', '2026-10-11'));
  for (const now of ['2026-10-11T00:00:00Z', '2026-10-11T06:00:00Z', '2026-10-12T00:00:00Z']) {
    await transformAt(pool, now);
    await forecastAt(pool, now);
  }
  const history = async () =>
    (
      await pool.query(
        `select to_char(made_on, 'MM-DD') as made_on, to_char(as_of at time zone 'UTC', 'HH24') as hour,
           trim_scale(forecast_cost)::text as forecast, trim_scale(actual_cost)::text as actual,
           error_share::text as error, is_in_band
         from mart.rpt_forecast_history
         where scope_kind = 'total' and month = '2026-10-01' order by made_on`,
      )
    ).rows;
  const running = { actual: null, error: null, is_in_band: null };
  const made = await history();
  expect(made).toMatchObject([
    { made_on: '10-11', hour: '06', ...running },
    { made_on: '10-12', hour: '00', ...running },
  ]);
  await plant(pool, dailyCharges('a', '2026-09-01', '2026-10-30'));
  await transformAt(pool, '2026-11-01T00:00:00Z');
  await forecastAt(pool, '2026-11-01T00:00:00Z');
  const told = await history();
  expect(told.map(({ forecast }) => forecast)).toEqual(made.map(({ forecast }) => forecast));
  expect(told[0]).toMatchObject({ actual: '696', is_in_band: false });
});
