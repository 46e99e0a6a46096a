/**
 * Goal: an estimate stays until a transaction of its own meter and month takes its place, and every
 * order of runs gives the same amount. Method: inventory and reports land through the production
 * writer; figures by hand, at 2 USD an hour for compute and 0.01 for the disk.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import {
  expectNothingMore,
  type Line,
  listed,
  monthCosts,
  reported,
  transformedAt,
} from './warehouse.ts';

const CREATED = '2026-10-30T20:00:00Z';
const AFTER = '2026-12-02T00:00:00Z';
/** November's report is not read again from here on. */
const FINAL = '2027-01-01T00:00:00Z';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

const MACHINE = {
  id: 'vm1',
  status: 'Running',
  resources: { gpus: {} },
  pricing: { total_associated_per_hr: '2.01', total_disassociated_per_hr: '0.01' },
  timestamp_creation: CREATED,
};
const machines = (at: string, ...list: unknown[]) => listed(pool, at, 'virtual machines', list);

const compute = (amount: string, more: Partial<Line> = {}): Line => ({
  amount: `-${amount}`,
  start: CREATED,
  instance: { id: 'i1', type: 'virtual_machine_instance', virtual_machine_id: 'vm1' },
  ...more,
});
const disk = (amount: string, more: Partial<Line> = {}): Line => ({
  ...compute(amount, more),
  id: 'tx2',
  instance: { id: 'i2', type: 'storage_block_instance', virtual_machine_id: 'vm1' },
});

const november = () => monthCosts(pool, '2026-11');
const INCREMENTAL = async (): Promise<void> => {
  await transformedAt(pool, AFTER);
  await transformedAt(pool, FINAL);
};
const FULL = async (): Promise<void> => {
  await transformedAt(pool, FINAL, true);
};
const CLOSED_FIRST = async (): Promise<void> => {
  await transformedAt(pool, AFTER, false, '2026-12-01');
  await transformedAt(pool, FINAL);
};

describe.each([
  ['incremental', INCREMENTAL],
  ['full', FULL],
  ['closed before the month is final', CLOSED_FIRST],
])('%s', (_, run) => {
  beforeEach(async () => {
    await machines('2026-10-30T23:00:00Z', MACHINE);
    await reported(pool, '2026-11-02T00:00:00Z', '2026-10', [compute('56'), disk('0.28')]);
    await machines('2026-11-30T23:00:00Z', MACHINE);
    await machines('2026-12-01T00:00:00Z');
  });

  test('a machine billed in October that runs all November costs 1447.20', async () => {
    await reported(pool, AFTER, '2026-11', []);
    await run();
    expect(await november()).toEqual(['vm1 derived Usage 1447.2 ±1447.2']);
    await expectNothingMore(pool, FINAL);
  });

  test('a bill of its disk alone takes the place of no compute: 1440 and 7.20', async () => {
    await reported(pool, AFTER, '2026-11', [disk('7.2')]);
    await run();
    expect(await november()).toEqual(['vm1 billed Usage 7.2 ±0', 'vm1 derived Usage 1440 ±1440']);
    await expectNothingMore(pool, FINAL);
  });

  test('what ran after the last reading of the report stays: 240 billed, 1200 estimated', async () => {
    await reported(pool, '2026-11-06T00:00:00Z', '2026-11', [compute('240'), disk('7.2')]);
    await run();
    expect(await november()).toEqual(['vm1 billed Usage 247.2 ±0', 'vm1 derived Usage 1206 ±1206']);
    await expectNothingMore(pool, FINAL);
  });

  test('what a report read after it does not charge is gone with its month', async () => {
    const end = '2026-11-11T00:00:00Z';
    const bill = [compute('480', { end }), disk('2.4', { end })];
    await reported(pool, AFTER, '2026-11', bill);
    await run();
    expect(await november()).toEqual(['vm1 billed Usage 482.4 ±0']);
    await expectNothingMore(pool, FINAL);
  });
});

test('a posted estimate yields to a later reading that leaves its row as it was', async () => {
  await machines('2026-10-30T23:00:00Z', MACHINE);
  await machines('2026-11-01T00:00:00Z');
  const bill = [compute('56'), disk('0.28')];
  await reported(pool, '2026-10-31T12:00:00Z', '2026-10', bill);
  await transformedAt(pool, '2026-11-01T06:00:00Z', false, '2026-11-01');
  expect(await monthCosts(pool, '2026-10')).toEqual([
    'vm1 billed Usage 56.28 ±0',
    'vm1 derived Usage 24.12 ±24.12',
  ]);
  await reported(pool, '2026-11-01T12:00:00Z', '2026-10', bill);
  await transformedAt(pool, '2026-11-01T13:00:00Z');
  expect(await monthCosts(pool, '2026-10')).toEqual(['vm1 billed Usage 56.28 ±0']);
  await expectNothingMore(pool, '2026-11-01T13:00:00Z');
});
