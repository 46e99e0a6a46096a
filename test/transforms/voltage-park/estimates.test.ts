/**
 * Goal: what runs now costs money now, and is never counted twice. Method: inventory and reports
 * land through the production writer, the production transform runs; figures are by hand, at 2 USD
 * an hour for compute and 0.01 for the disk. After every step a full look must find nothing more.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { type Line, listed, reported, transformedAt } from './warehouse.ts';

const CREATED = '2026-10-30T20:00:00Z';
const COMPUTE = { id: 'i1', type: 'virtual_machine_instance', virtual_machine_id: 'vm1' };
const DISK = { id: 'i2', type: 'storage_block_instance', virtual_machine_id: 'vm1' };

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

const machine = (more: Record<string, unknown> = {}) => ({
  id: 'vm1',
  type: 'ondem',
  status: 'Running',
  resources: { gpus: { 'h100-sxm5-80gb': { count: 8 } } },
  pricing: { total_associated_per_hr: '2.01', total_disassociated_per_hr: '0.01' },
  timestamp_creation: CREATED,
  ...more,
});
const resized = machine({
  pricing: { total_associated_per_hr: '4.01', total_disassociated_per_hr: '0.01' },
});

const machines = (at: string, ...list: unknown[]) => listed(pool, at, 'virtual machines', list);
const compute = (amount: string, more: Partial<Line> = {}): Line => ({
  amount: `-${amount}`,
  start: CREATED,
  instance: COMPUTE,
  ...more,
});
const disk = (amount: string, more: Partial<Line> = {}): Line => ({
  ...compute(amount, more),
  id: 'tx2',
  instance: DISK,
});

/** `<from> <until> <cost> ±<uncertainty> [settled]` of each estimate of a meter, after a run. */
async function estimatesAt(now: string, meter = 'vm-hours'): Promise<string[]> {
  await transformedAt(pool, now);
  const { rows } = await pool.query<{ estimate: string }>(
    `select concat_ws(' ',
       to_char(charge_period_start at time zone 'UTC', 'MM-DD HH24:MI'),
       to_char(charge_period_end at time zone 'UTC', 'MM-DD HH24:MI'),
       trim_scale(billed_cost), '±' || trim_scale(uncertainty),
       case when charge_id is not null then 'settled' end) as estimate
     from intermediate.known_charge
     where meter = $1 and basis = 'derived' and price_source like 'estimated:%'
     order by charge_period_start`,
    [meter],
  );
  const full = await transformedAt(pool, now, true);
  expect(full).toMatchObject({ chargesPosted: 0, chargesReversed: 0, accrualsWritten: 0 });
  return rows.map((row) => row.estimate);
}

test('a machine without a transaction accrues at its own rates from its creation', async () => {
  await machines('2026-10-30T23:00:00Z', machine());
  await reported(pool, '2026-10-30T23:00:00Z', '2026-10', []);
  expect(await estimatesAt('2026-10-31T01:00:00Z')).toEqual([
    '10-30 20:00 10-31 00:00 8 ±8',
    '10-31 00:00 10-31 01:00 2 ±2',
  ]);
  expect(await estimatesAt('2026-10-31T02:00:00Z', 'vm-storage-hours')).toEqual([
    '10-30 20:00 10-31 00:00 0.04 ±0.04',
    '10-31 00:00 10-31 02:00 0.02 ±0.02',
  ]);
});

test('an open amount grows on from the look, also one that left the answer as it was', async () => {
  await machines('2026-10-30T23:00:00Z', machine());
  await reported(pool, '2026-10-30T23:00:00Z', '2026-10', [compute('6'), disk('0.03')]);
  expect(await estimatesAt('2026-10-30T23:00:00Z')).toEqual([]);
  expect(await estimatesAt('2026-10-30T23:45:00Z')).toEqual(['10-30 23:00 10-30 23:45 1.5 ±1.5']);
  await reported(pool, '2026-10-30T23:30:00Z', '2026-10', [compute('6'), disk('0.03')]);
  expect(await estimatesAt('2026-10-31T00:30:00Z')).toEqual([
    '10-30 23:30 10-31 00:00 1 ±1',
    '10-31 00:00 10-31 00:30 1 ±1',
  ]);
  await reported(pool, '2026-10-31T00:30:00Z', '2026-10', [compute('9'), disk('0.045')]);
  expect(await estimatesAt('2026-10-31T00:30:00Z')).toEqual([]);
});

test('a month whose report was not read yet accrues from its first instant', async () => {
  await machines('2026-10-31T22:00:00Z', machine());
  await reported(pool, '2026-10-31T22:00:00Z', '2026-10', [compute('52'), disk('0.26')]);
  expect(await estimatesAt('2026-11-01T03:00:00Z')).toEqual([
    '10-31 22:00 11-01 00:00 4 ±4',
    '11-01 00:00 11-01 03:00 6 ±6',
  ]);
  await reported(pool, '2026-11-01T03:00:00Z', '2026-10', [compute('56'), disk('0.28')]);
  expect(await estimatesAt('2026-11-01T03:00:00Z')).toEqual(['11-01 00:00 11-01 03:00 6 ±6']);
  await reported(pool, '2026-11-01T03:00:00Z', '2026-11', [compute('6'), disk('0.03')]);
  expect(await estimatesAt('2026-11-01T03:15:00Z')).toEqual(['11-01 03:00 11-01 03:15 0.5 ±0.5']);
});

describe('each version accrues at its own rate while it was in force', () => {
  beforeEach(async () => {
    await machines('2026-10-31T10:00:00Z', machine());
    await reported(pool, '2026-10-31T10:00:00Z', '2026-10', [compute('28'), disk('0.14')]);
  });

  test('resized: what the look after may have changed is uncertain', async () => {
    await machines('2026-10-31T11:00:00Z', machine());
    await machines('2026-10-31T12:00:00Z', resized);
    expect(await estimatesAt('2026-10-31T12:30:00Z')).toEqual([
      '10-31 10:00 10-31 12:00 4 ±4',
      '10-31 12:00 10-31 12:30 2 ±2',
    ]);
  });

  test('stopped costs in full, disassociated the disk alone', async () => {
    await machines('2026-10-31T11:00:00Z', machine({ status: 'Stopped' }));
    await machines('2026-10-31T12:00:00Z', machine({ status: 'StoppedDisassociated' }));
    expect(await estimatesAt('2026-10-31T13:00:00Z')).toEqual([
      '10-31 10:00 10-31 11:00 2 ±2',
      '10-31 11:00 10-31 12:00 2 ±2',
    ]);
    expect(await estimatesAt('2026-10-31T13:00:00Z', 'vm-storage-hours')).toEqual([
      '10-31 10:00 10-31 11:00 0.01 ±0.01',
      '10-31 11:00 10-31 12:00 0.01 ±0.01',
      '10-31 12:00 10-31 13:00 0.01 ±0.01',
    ]);
  });

  test('gone: nothing after the look that missed it, and nothing once the bill has closed', async () => {
    await machines('2026-10-31T12:00:00Z');
    expect(await estimatesAt('2026-10-31T15:00:00Z')).toEqual(['10-31 10:00 10-31 12:00 4 ±4']);
    const end = '2026-10-31T10:40:00Z';
    const lines = [compute('29.333333', { end }), disk('0.146667', { end })];
    await reported(pool, '2026-10-31T15:00:00Z', '2026-10', lines);
    expect(await estimatesAt('2026-10-31T15:00:00Z')).toEqual([]);
  });

  test('a bill that closed after the last look costs nothing more, but may be wrong', async () => {
    const lines = [compute('29', { end: '2026-10-31T10:30:00Z' }), disk('0.15')];
    await reported(pool, '2026-10-31T10:45:00Z', '2026-10', lines);
    expect(await estimatesAt('2026-10-31T11:00:00Z')).toEqual(['10-31 10:30 10-31 11:00 0 ±1']);
    await machines('2026-10-31T11:30:00Z', machine());
    expect(await estimatesAt('2026-10-31T11:30:00Z')).toEqual(['10-31 10:30 10-31 11:30 2 ±2']);
    await machines('2026-10-31T12:00:00Z');
    await reported(pool, '2026-10-31T12:00:00Z', '2026-10', lines);
    expect(await estimatesAt('2026-10-31T12:00:00Z')).toEqual(['10-31 10:30 10-31 12:00 3 ±3']);
    expect(await estimatesAt('2026-12-02T00:00:00Z')).toEqual([]);
  });

  test('a new rate whose transaction is late holds from where the former one closed', async () => {
    await machines('2026-10-31T12:00:00Z', resized);
    const lines = [compute('30', { end: '2026-10-31T11:00:00Z' }), disk('0.16')];
    await reported(pool, '2026-10-31T12:00:00Z', '2026-10', lines);
    expect(await estimatesAt('2026-10-31T12:00:00Z')).toEqual(['10-31 11:00 10-31 12:00 4 ±4']);
    const next = { id: 'tx3', start: '2026-10-31T11:00:00Z' };
    await reported(pool, '2026-10-31T13:00:00Z', '2026-10', [...lines, compute('8', next)]);
    expect(await estimatesAt('2026-10-31T13:00:00Z')).toEqual([]);
  });
});

describe('a hole between two told links of a rental', () => {
  const START = '2026-10-29T00:00:00Z';
  const RENTAL = { id: 'bm1', status: 'Running', creation_timestamp: START, rate_hourly: '40' };
  /** A link that was opened at 00:00 of a day of October. */
  const link = (day: number, amount: string, end: string | undefined): Line => ({
    id: `tx${day}`,
    type: 'baremetal_charge',
    amount: `-${amount}`,
    start: START,
    opened: `2026-10-${day}T00:00:00Z`,
    ...(end === undefined ? {} : { end }),
    instance: { id: 'i1', type: 'baremetal_instance', baremetal_rental_id: 'bm1' },
  });
  const first = link(29, '960', '2026-10-30T00:00:00Z');
  const second = link(30, '960', '2026-10-31T00:00:00Z');
  const at = '2026-10-31T06:00:00Z';

  /** How the rental's own rate compares with what its links charge. */
  const rateClass = async (): Promise<unknown> => {
    const { rows } = await pool.query(
      `select class from mart.rpt_reconciliation_line
       where source = 'hourly rate' and line = 'bm1'`,
    );
    return rows[0]?.class;
  };

  beforeEach(async () => {
    await listed(pool, '2026-10-29T06:00:00Z', 'bare metal', [RENTAL]);
    await listed(pool, at, 'bare metal', [RENTAL]);
  });

  // 24 h and 6 h at 40 USD an hour.
  test('runs at its rate until its own link comes', async () => {
    await reported(pool, '2026-10-30T00:00:00Z', '2026-10', [first]);
    expect(await estimatesAt('2026-10-30T06:00:00Z', 'bare-metal-hours')).toEqual([
      '10-30 00:00 10-30 06:00 240 ±240',
    ]);
    const third = link(31, '240', undefined);
    await reported(pool, at, '2026-10', [first, third]);
    expect(await estimatesAt(at, 'bare-metal-hours')).toEqual(['10-30 00:00 10-31 00:00 960 ±960']);
    expect(await rateClass()).toBe('matched');
    await reported(pool, '2026-10-31T07:00:00Z', '2026-10', [first, second, third]);
    expect(await estimatesAt('2026-10-31T07:00:00Z', 'bare-metal-hours')).toEqual([]);
  });

  test('may be the first of them, and is gone with its month when no link comes', async () => {
    await reported(pool, at, '2026-10', [second, link(31, '240', at)]);
    const estimate = '10-29 00:00 10-30 00:00 960 ±960';
    expect(await estimatesAt(at, 'bare-metal-hours')).toEqual([estimate]);
    expect(await estimatesAt('2026-12-02T00:00:00Z', 'bare-metal-hours')).not.toContain(estimate);
  });

  test('is none where the link after it was opened late and pays for both', async () => {
    await reported(pool, at, '2026-10', [first, link(31, '1200', undefined)]);
    expect(await estimatesAt(at, 'bare-metal-hours')).toEqual([]);
    expect(await rateClass()).toBe('matched');
  });
});

test('a rental accrues while pending and powered off, not when it failed; a volume from its first look', async () => {
  const rental = { id: 'bm1', creation_timestamp: CREATED, rate_hourly: '40' };
  const volume = { id: 'vol1', size_in_gb: 100, status: 'active', rate_hourly: '0.5' };
  await listed(pool, '2026-10-30T21:00:00Z', 'bare metal', [{ ...rental, status: 'Pending' }]);
  await listed(pool, '2026-10-30T21:00:00Z', 'storage', [volume]);
  const off = { ...rental, status: 'Running', power_status: 'Stopped' };
  await listed(pool, '2026-10-30T22:00:00Z', 'bare metal', [off]);
  await listed(pool, '2026-10-30T23:00:00Z', 'bare metal', [{ ...rental, status: 'Failed' }]);
  expect(await estimatesAt('2026-10-30T23:30:00Z', 'bare-metal-hours')).toEqual([
    '10-30 20:00 10-30 22:00 80 ±80',
    '10-30 22:00 10-30 23:00 40 ±40',
  ]);
  expect(await estimatesAt('2026-10-30T23:30:00Z', 'storage-hours')).toEqual([
    '10-30 21:00 10-30 23:30 1.25 ±1.25',
  ]);
});

test('what never got a transaction settles as an estimate with its month, and yields to a late one', async () => {
  await machines('2026-10-30T23:00:00Z', machine());
  await machines('2026-10-30T23:30:00Z');
  await reported(pool, '2026-11-30T18:00:00Z', '2026-10', []);
  const estimate = '10-30 20:00 10-30 23:30 7 ±7';
  expect(await estimatesAt('2026-12-01T23:59:59Z')).toEqual([estimate]);
  expect(await estimatesAt('2026-12-02T00:00:00Z')).toEqual([`${estimate} settled`]);
  const late = compute('6.2', { end: '2026-10-30T23:06:00Z' });
  await reported(pool, '2026-12-03T00:00:00Z', '2026-10', [late]);
  expect(await estimatesAt('2026-12-03T00:00:00Z')).toEqual([]);
});

test('a charge that does not tell compute from disk covers both', async () => {
  const whole = { id: 'i1', virtual_machine_id: 'vm1' };
  await machines('2026-10-30T23:00:00Z', machine());
  await reported(pool, '2026-10-30T23:00:00Z', '2026-10', [compute('6.03', { instance: whole })]);
  expect(await estimatesAt('2026-10-30T23:00:00Z', 'vm-storage-hours')).toEqual([]);
});

test('time that neither a look nor a report covers is not estimated', async () => {
  await machines('2026-10-02T00:00:00Z', machine({ timestamp_creation: '2025-01-01T00:00:00Z' }));
  const [first] = await estimatesAt('2026-10-02T00:00:00Z');
  expect(first).toBe('09-01 00:00 09-02 00:00 48 ±48');
});
