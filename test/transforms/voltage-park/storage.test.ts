/**
 * Goal: storage is counted once, whether `linked_instance.id` of its charges names the volume or the
 * billing instance. Method: listings and reports land through the production writer; figures by
 * hand, at 0.5 USD an hour for a volume: 372 in October.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { readChecks } from '../../../transforms/checks/run-checks.ts';
import { testDatabase } from '../../support/postgres.ts';
import {
  expectNothingMore,
  type Line,
  listed,
  monthCosts,
  reported,
  transformedAt,
} from './warehouse.ts';

const START = '2026-10-01T00:00:00Z';
const END = '2026-11-01T00:00:00Z';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

const volume = (id: string, rate = '0.5') => ({
  id,
  size_in_gb: 100,
  status: 'active',
  rate_hourly: rate,
});
const volumes = (at: string, ...list: unknown[]) => listed(pool, at, 'storage', list);

const charged = (linked: string, amount: string, more: Partial<Line> = {}): Line => ({
  id: `tx-${linked}`,
  type: 'storage_charge',
  amount: `-${amount}`,
  start: START,
  instance: { id: linked },
  ...more,
});

/** What is known of a month after a run; a full run must find nothing more. */
async function costsAt(now: string, month = '2026-10'): Promise<string[]> {
  await transformedAt(pool, now);
  const costs = await monthCosts(pool, month);
  await expectNothingMore(pool, now);
  return costs;
}

describe.each([
  ['volume', 'vol1'],
  ['billing instance', 'bi-1'],
])('charged under the %s', (_, linked) => {
  beforeEach(async () => {
    await volumes(START, volume('vol1'));
    await volumes(END, volume('vol1'));
  });

  test('a month costs what the bill says: 372', async () => {
    await reported(pool, END, '2026-10', [charged(linked, '372')]);
    expect(await costsAt(END)).toEqual([`${linked} billed Usage 372 ±0`]);
  });

  test('since the last reading it costs its own rate: 360 billed, 12 estimated', async () => {
    await reported(pool, '2026-10-31T00:00:00Z', '2026-10', [charged(linked, '360')]);
    expect(await costsAt(END)).toEqual(
      [`${linked} billed Usage 360 ±0`, 'vol1 derived Usage 12 ±12'].sort(),
    );
  });

  test('found by an increment too, and before November\u2019s report is read', async () => {
    await reported(pool, '2026-10-31T00:00:00Z', '2026-10', [charged(linked, '360')]);
    await costsAt('2026-10-31T06:00:00Z');
    await reported(pool, '2026-11-01T06:00:00Z', '2026-10', [charged(linked, '372')]);
    expect(await costsAt('2026-11-01T06:00:00Z')).toEqual([`${linked} billed Usage 372 ±0`]);
    expect(await monthCosts(pool, '2026-11')).toEqual(['vol1 derived Usage 3 ±3']);
  });

  test('a charge that comes late takes the estimate\u2019s place', async () => {
    await reported(pool, '2026-10-31T00:00:00Z', '2026-10', []);
    expect(await costsAt('2026-10-31T00:00:00Z')).toEqual(['vol1 derived Usage 360 ±360']);
    await reported(pool, END, '2026-10', [charged(linked, '372')]);
    expect(await costsAt(END)).toEqual([`${linked} billed Usage 372 ±0`]);
  });

  test('also one that was posted', async () => {
    await reported(pool, END, '2026-10', []);
    await transformedAt(pool, '2026-11-02T00:00:00Z', false, '2026-11-01');
    expect(await monthCosts(pool, '2026-10')).toEqual(['vol1 derived Usage 372 ±372']);
    const later = '2026-11-03T00:00:00Z';
    await reported(pool, later, '2026-10', [charged(linked, '372')]);
    expect(await costsAt(later)).toEqual([`${linked} billed Usage 372 ±0`]);
  });
});

describe.each([
  ['volume', 'vol1'],
  ['billing instance', 'bi-1'],
])('charged by the day under the %s', (_, linked) => {
  // A day is 12: the one whose charge is late is estimated on what its charges name.
  const day = (date: number, end: string | undefined, amount = '12'): Line =>
    charged(linked, amount, {
      id: `tx-${date}`,
      opened: `2026-10-0${date}T00:00:00Z`,
      ...(end === undefined ? {} : { end }),
    });
  const first = day(1, '2026-10-02T00:00:00Z');
  const third = day(3, undefined, '6');
  const at = '2026-10-03T12:00:00Z';

  test('a day between two charges is estimated until its own charge comes', async () => {
    await volumes('2026-10-01T06:00:00Z', volume('vol1'));
    await volumes(at, volume('vol1'));
    await reported(pool, at, '2026-10', [first, third]);
    expect(await costsAt(at)).toEqual([
      `${linked} billed Usage 18 ±0`,
      `${linked} derived Usage 12 ±12`,
    ]);
    const second = day(2, '2026-10-03T00:00:00Z');
    const later = '2026-10-03T13:00:00Z';
    await reported(pool, later, '2026-10', [first, second, third]);
    expect(await costsAt(later)).toEqual([`${linked} billed Usage 30 ±0`]);
  });

  test('also when its month was read before with less', async () => {
    await volumes('2026-10-01T06:00:00Z', volume('vol1'));
    await reported(pool, '2026-10-02T00:00:00Z', '2026-10', [first]);
    expect(await costsAt('2026-10-02T00:00:00Z')).toEqual([`${linked} billed Usage 12 ±0`]);
    await volumes(at, volume('vol1'));
    await reported(pool, at, '2026-10', [first, third]);
    expect(await costsAt(at)).toEqual([
      `${linked} billed Usage 18 ±0`,
      `${linked} derived Usage 12 ±12`,
    ]);
  });

  test('also the days before the first charge, which the listing came too late to show', async () => {
    await volumes('2026-10-03T06:00:00Z', volume('vol1'));
    await volumes(at, volume('vol1'));
    await reported(pool, at, '2026-10', [third]);
    expect(await costsAt(at)).toEqual([
      `${linked} billed Usage 6 ±0`,
      `${linked} derived Usage 24 ±24`,
    ]);
  });
});

describe('charged under billing instances', () => {
  test('the data check finds a volume that is estimated beside its bill', async () => {
    const duplicates = async (): Promise<unknown[]> => {
      const check = (await readChecks()).find(
        ({ name }) => name === 'no_estimate_duplicates_a_bill',
      );
      if (check === undefined) throw new Error('no such check');
      return (await pool.query(check.query)).rows;
    };
    await volumes(START, volume('vol1'));
    await volumes('2026-10-31T00:00:00Z', volume('vol1'));
    await reported(pool, '2026-10-31T00:00:00Z', '2026-10', []);
    await transformedAt(pool, '2026-10-31T00:00:00Z');
    await pool.query('create table former as select * from mart.accrual');
    await reported(pool, END, '2026-10', [charged('bi-1', '372')]);
    await transformedAt(pool, END);
    expect(await duplicates()).toEqual([]);
    await pool.query('insert into mart.accrual select * from former');
    expect(await duplicates()).toEqual([
      expect.objectContaining({ resource_id: 'vol1', billed_resource_id: 'bi-1' }),
    ]);
  });

  test('of two volumes and one open instance, the later volume is not billed yet', async () => {
    await volumes(START, volume('vol1'));
    await volumes('2026-10-31T12:00:00Z', volume('vol1'), volume('vol2', '1'));
    await volumes(END, volume('vol1'), volume('vol2', '1'));
    await reported(pool, END, '2026-10', [charged('bi-1', '372')]);
    expect(await costsAt(END)).toEqual(['bi-1 billed Usage 372 ±0', 'vol2 derived Usage 12 ±12']);
    const second = charged('bi-2', '12', { start: '2026-10-31T12:00:00Z' });
    await reported(pool, '2026-11-01T01:00:00Z', '2026-10', [charged('bi-1', '372'), second]);
    expect(await costsAt('2026-11-01T01:00:00Z')).toEqual([
      'bi-1 billed Usage 372 ±0',
      'bi-2 billed Usage 12 ±0',
    ]);
  });

  test('a volume is listed at the reading also when its listing changes at that instant', async () => {
    await volumes(START, volume('vol1'));
    await volumes(END, { ...volume('vol1'), status: 'inactive' });
    await reported(pool, END, '2026-10', [charged('bi-1', '372')]);
    expect(await costsAt(END)).toEqual(['bi-1 billed Usage 372 ±0']);
  });

  test('a volume that is gone was paid by an instance that closed', async () => {
    await volumes(START, volume('vol1'), volume('vol2'));
    await volumes('2026-10-11T00:00:00Z', volume('vol2'));
    await volumes(END, volume('vol2'));
    const closed = charged('bi-1', '120', { end: '2026-10-11T00:00:00Z' });
    await reported(pool, END, '2026-10', [closed, charged('bi-2', '372')]);
    expect(await costsAt(END)).toEqual(['bi-1 billed Usage 120 ±0', 'bi-2 billed Usage 372 ±0']);
  });

  test('a resize closes one instance; what follows is estimated from there on', async () => {
    await volumes(START, volume('vol1'));
    await volumes('2026-10-21T00:00:00Z', volume('vol1', '1'));
    await volumes('2026-10-31T00:00:00Z', volume('vol1', '1'));
    const closed = charged('bi-1', '240', { end: '2026-10-21T00:00:00Z' });
    await reported(pool, '2026-10-31T00:00:00Z', '2026-10', [closed]);
    expect(await costsAt('2026-10-31T00:00:00Z')).toEqual([
      'bi-1 billed Usage 240 ±0',
      'vol1 derived Usage 240 ±240',
    ]);
  });

  test('where one charge names a volume, the others name volumes too', async () => {
    await volumes(START, volume('vol1'), volume('vol2'));
    await volumes(END, volume('vol1'), volume('vol2'));
    await reported(pool, END, '2026-10', [charged('vol1', '372'), charged('gone-volume', '1')]);
    expect(await costsAt(END)).toEqual([
      'gone-volume billed Usage 1 ±0',
      'vol1 billed Usage 372 ±0',
      'vol2 derived Usage 372 ±372',
    ]);
  });
});
