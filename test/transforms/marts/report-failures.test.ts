/** Goal: a report that cannot be made stops no other one. Method: a table of one report is taken away. */
import { expect, test } from 'vitest';
import { REPORTS, refreshEach } from '../../../transforms/marts/refresh-reports.ts';
import { createPlantedProduct, plant, transformAt } from '../../support/planted-product.ts';
import { testDatabase } from '../../support/postgres.ts';

const NOW = '2026-10-02T01:00:00Z';
const CHARGE = {
  key: 'planted/1',
  start: '2026-10-01T00:00:00Z',
  end: '2026-10-01T01:00:00Z',
  quantity: '1',
  price: '5',
};

test('the report that fails is named with its reason, and the later ones are made', async () => {
  const { pool } = await testDatabase();
  await createPlantedProduct(pool);
  await plant(pool, [CHARGE]);
  await transformAt(pool, NOW);
  await pool.query('alter table mart.anomaly rename to anomaly_elsewhere');
  const failures = await refreshEach(pool, REPORTS, () => Date.parse(NOW));
  expect(failures).toEqual([
    { report: 'anomalies', reason: 'relation "mart.anomaly" does not exist' },
  ]);
  const { rows } = await pool.query(
    `select (select count(*) > 0 from mart.forecast) as forecast,
       (select count(*) > 0 from mart.waste_detector) as waste`,
  );
  expect(rows).toEqual([{ forecast: true, waste: true }]);
});

test('a report that fails is set aside with its reason until it is made again', async () => {
  const { pool } = await testDatabase();
  await createPlantedProduct(pool);
  await plant(pool, [CHARGE]);
  await transformAt(pool, NOW);
  const setAside = async () => {
    const { rows } = await pool.query(
      'select product, subject, reason, attempts from mart.rpt_set_aside',
    );
    return rows;
  };
  await pool.query('alter table mart.anomaly rename to anomaly_elsewhere');
  const anomalies = REPORTS.filter(({ name }) => name === 'anomalies');
  await refreshEach(pool, anomalies, () => Date.parse(NOW));
  await refreshEach(pool, REPORTS, () => Date.parse(NOW));
  expect(await setAside()).toEqual([
    {
      product: 'reports',
      subject: 'report anomalies',
      reason: 'relation "mart.anomaly" does not exist',
      attempts: 2,
    },
  ]);
  await pool.query('alter table mart.anomaly_elsewhere rename to anomaly');
  expect(await refreshEach(pool, anomalies, () => Date.parse(NOW))).toEqual([]);
  expect(await setAside()).toEqual([]);
});

test('reports are made while a transform holds its lock', async () => {
  const { pool } = await testDatabase();
  await createPlantedProduct(pool);
  await plant(pool, []);
  await transformAt(pool, NOW);
  const transforming = await pool.connect();
  try {
    await transforming.query('begin');
    await transforming.query(`select from meterhouse.lock where name = 'transform' for update`);
    expect(await refreshEach(pool, REPORTS, () => Date.parse(NOW))).toEqual([]);
  } finally {
    await transforming.query('rollback');
    transforming.release();
  }
});

test('one process makes reports at a time: another waits for the row, which no reader can take', async () => {
  const { pool } = await testDatabase();
  await createPlantedProduct(pool);
  await plant(pool, []);
  await transformAt(pool, NOW);
  const other = await pool.connect();
  try {
    await other.query('begin');
    await other.query(`select from meterhouse.lock where name = 'reports' for update`);
    let isDone = false;
    const made = refreshEach(pool, REPORTS, () => Date.parse(NOW)).then((failures) => {
      isDone = true;
      return failures;
    });
    await expect
      .poll(
        async () => {
          const { rows } = await pool.query(
            `select count(*)::integer as waiting from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock'`,
          );
          return rows[0].waiting;
        },
        { timeout: 60_000 },
      )
      .toBe(1);
    expect(isDone).toBe(false);
    await other.query('commit');
    expect(await made).toEqual([]);
  } finally {
    other.release();
  }
});
