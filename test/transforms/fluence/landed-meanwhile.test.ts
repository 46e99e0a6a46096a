/**
 * Goal: what lands while a transform is under way, with a later clock than the transform's, is charged
 * by the next one. Method: a sweep of a later instant is there when the transform takes its changes.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { type Look, listed, transformAt } from './warehouse.ts';

const MACHINE: Look = {
  created: '2026-10-01T17:45:00Z',
  next: '2026-10-03T17:55:00Z',
  spent: '894480',
};

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

async function charged() {
  const { rows } = await pool.query(
    `select to_char(charge_period_start at time zone 'UTC', 'MM-DD HH24:MI') as "from",
       trim_scale(billed_cost)::text as cost
     from intermediate.known_charge
     order by charge_period_start`,
  );
  return rows;
}

const THREE_EPOCHS = [
  { from: '10-01 17:45', cost: '0.29816' },
  { from: '10-01 17:55', cost: '0.29816' },
  { from: '10-02 17:55', cost: '0.29816' },
];

test('a machine first seen five seconds after the clock of a transform that finds it', async () => {
  await listed(pool, '2026-10-02T18:00:05Z', MACHINE);
  const early = await transformAt(pool, '2026-10-02T18:00:00Z');
  expect(early.changesTaken).toBe(0);
  expect(await charged()).toEqual([]);
  const next = await transformAt(pool, '2026-10-02T18:10:00Z');
  expect(next.changesTaken).toBe(1);
  expect(await charged()).toEqual(THREE_EPOCHS);
});

test('a machine that is gone five seconds after the clock of a transform that finds it', async () => {
  await listed(pool, '2026-10-01T18:00:00Z', {
    ...MACHINE,
    next: '2026-10-02T17:55:00Z',
    spent: '596320',
  });
  await transformAt(pool, '2026-10-01T18:00:00Z');
  await listed(pool, '2026-10-02T18:00:05Z');
  await transformAt(pool, '2026-10-02T18:00:00Z');
  const { rows: waiting } = await pool.query('select kind from landing.change');
  expect(waiting).toEqual([{ kind: 'gone' }]);
  await transformAt(pool, '2026-10-02T18:10:00Z');
  const stepwise = await charged();
  await transformAt(pool, '2026-10-02T18:10:00Z', true);
  expect(await charged()).toEqual(stepwise);
  expect((await pool.query('select from landing.change')).rowCount).toBe(0);
});
