/**
 * Goal: what ran and ended before collecting began is never called exact: it is a gap with money in
 * doubt, and its month does not close by itself. Method: a fleet of Fluence that is older than its
 * first sync, landed through the production writer; figures are by hand.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { readChecks, runCheck } from '../../transforms/checks/run-checks.ts';
import { testDatabase } from '../support/postgres.ts';
import { closeAt, type Look, listed, transformAt } from './fluence/warehouse.ts';
import { reported, transformedAt } from './voltage-park/warehouse.ts';

const FIRST_SYNC = '2026-10-14T12:00:00Z';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

const day = (number: number): string => new Date(Date.UTC(2026, 9, number)).toISOString();

/** A machine of 1 USDC (0.8 EUR) per epoch, with boundaries at midnight, on a day of October. */
const look = (createdDay: number, onDay: number): Look => ({
  created: day(createdDay),
  next: day(onDay + 1),
  spent: String((onDay + 1 - createdDay) * 1_000_000),
  price: 1_000_000,
});

/** Daily syncs of the machine created on a day, from the first one to 2 November. */
async function collectFrom(createdDay: number, firstSync = FIRST_SYNC): Promise<void> {
  await pool.query(
    `insert into landing.expectation
     values ('fluence-main', 'fluence.vms', $1, '25 hours', true, '24 hours')`,
    [firstSync],
  );
  for (let onDay = 14; onDay <= 33; onDay += 1) {
    const at = new Date(Date.parse(firstSync) + (onDay - 14) * 86_400_000).toISOString();
    await listed(pool, at, ...(onDay < createdDay ? [] : [look(createdDay, onDay)]));
  }
  await transformAt(pool, '2026-11-02T12:00:00Z');
}

const gaps = async (): Promise<unknown[]> =>
  (
    await pool.query(
      `select to_char(starts_at at time zone 'UTC', 'MM-DD HH24') as from,
         to_char(ends_at at time zone 'UTC', 'MM-DD HH24') as until,
         trim_scale(may_hide_cost)::text as hides, is_missing, can_be_collected
       from mart.rpt_coverage_gap order by rpt_coverage_gap.starts_at`,
    )
  ).rows;

// A second machine of 0.8 EUR a day ran from the 1st to the 10th: 7.20 that no sync saw. The first sync
// reports one epoch back, to the 13th 12:00; the 300 hours before at 0.8 a day may hide 10.00.
test('a fleet older than its first sync: the hours before hide up to 10.00 EUR', async () => {
  await collectFrom(1);
  expect(await gaps()).toEqual([
    { from: '10-01 00', until: '10-13 12', hides: '10', is_missing: true, can_be_collected: false },
  ]);
});

test('its month does not close without force, and says why', async () => {
  await collectFrom(1);
  expect(await closeAt(pool, '2026-11-02T12:00:00Z', '2026-10')).toMatchObject({
    isClosed: false,
    obstacles: [
      {
        kind: 'not observed before the first sync',
        account_id: 'fluence-main',
        example: 'fluence.vms: may hide 10',
      },
    ],
  });
});

test('its hours before are missing in the coverage', async () => {
  await collectFrom(1);
  const { rows } = await pool.query(
    `select count(*) filter (where coverage = 'missing')::integer as missing,
       count(*) filter (where coverage = 'late')::integer as late
     from mart.rpt_coverage_hour where hour_start < $1`,
    [FIRST_SYNC],
  );
  expect(rows).toEqual([{ missing: 300, late: 24 }]);
});

// Created on 20 August: what else ran in August and September was not observed either.
test('a fleet that is months older has a gap in each of its months', async () => {
  await collectFrom(-41);
  expect(await gaps()).toMatchObject([
    { from: '08-01 00', until: '09-01 00' },
    { from: '09-01 00', until: '10-01 00' },
    { from: '10-01 00', until: '10-13 12' },
  ]);
});

// 2 USD an hour since a day of 2026: the reports of September and October are read. A month of 744
// hours before may hide 1488.
test.each([
  ['2026-08-20', [{ from: '08-01 00', until: '09-01 00', hides: '1488' }]],
  ['2026-09-01', []],
])(
  'months before the first report that was read are a gap for a machine of %s',
  async (day, missing) => {
    await pool.query(
      `insert into landing.expectation
     values ('voltage-main', 'voltage_park.monthly_report', $1, '13 hours', true, null)`,
      [FIRST_SYNC],
    );
    const line = (amount: string) => ({
      amount: `-${amount}`,
      start: `${day}T00:00:00Z`,
      instance: { id: 'i1', type: 'virtual_machine_instance', virtual_machine_id: 'vm1' },
    });
    await reported(pool, FIRST_SYNC, '2026-09', [line('1440')]);
    await reported(pool, FIRST_SYNC, '2026-10', [line('648')]);
    await transformedAt(pool, FIRST_SYNC);
    expect(await gaps()).toMatchObject(missing);
    expect(await gaps()).toHaveLength(missing.length);
  },
);

test('a fleet that began after the first sync has no gap, and its month closes', async () => {
  await collectFrom(16);
  expect(await gaps()).toEqual([]);
  expect(await closeAt(pool, '2026-11-02T12:00:00Z', '2026-10')).toMatchObject({ isClosed: true });
});

test('the data check lists the month that collecting began in', async () => {
  await collectFrom(1);
  const checks = await readChecks();
  const check = checks.find(({ name }) => name === 'months_are_observed_from_their_start');
  if (check === undefined) throw new Error('no such check');
  const connection = await pool.connect();
  try {
    const { examples } = await runCheck(connection, check);
    expect(examples).toMatchObject([{ account_id: 'fluence-main', provider: 'fluence' }]);
  } finally {
    connection.release();
  }
});
