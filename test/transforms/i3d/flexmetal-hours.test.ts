/**
 * Goal: FlexMetal hours are billed as the seed says (from delivery to release, rounded up to the
 * full hour), anew in each UTC month, at the price in force. Method: servers land through the
 * production writer; every expected figure is computed by hand.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { addRate, type Charge, chargesAt, land, type Server, serverRecord } from './warehouse.ts';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

const brief = ({ day, from, until, hours, cost, settled }: Charge): unknown[] => [
  day,
  from,
  until,
  hours,
  cost,
  settled,
];

async function listed(at: string, ...servers: Server[]): Promise<void> {
  await land(pool, 'flexmetal.servers', at, servers.map(serverRecord));
}

describe('a FlexMetal server', () => {
  test('delivered 10:10 and released 11:11 owes two hours', async () => {
    await addRate(pool, { product: 'flexmetal', price: '0.35', from: '2026-01-01Z' });
    await listed('2026-10-05T12:00:00Z', {
      uuid: 's1',
      deliveredAt: '2026-10-05T10:10:00Z',
      releasedAt: '2026-10-05T11:11:00Z',
    });
    expect(await chargesAt(pool, 'flexmetal', '2026-10-05T12:00:00Z', ['s1'])).toEqual([
      {
        resource: 's1',
        meter: 'server-hours',
        day: '2026-10-05',
        from: '10-05 10:10',
        until: '10-05 12:10',
        hours: '2',
        cost: '0.7',
        uncertainty: '0',
        basis: 'derived',
        settled: true,
      },
    ]);
  });

  test('released after exactly an hour owes one, at its delivery nothing', async () => {
    await addRate(pool, { product: 'flexmetal', price: '1', from: '2026-01-01Z' });
    await listed(
      '2026-10-05T12:00:00Z',
      { uuid: 's1', deliveredAt: '2026-10-05T10:10:00Z', releasedAt: '2026-10-05T11:10:00Z' },
      { uuid: 's2', deliveredAt: '2026-10-05T10:10:00Z', releasedAt: '2026-10-05T10:10:00Z' },
    );
    const charges = await chargesAt(pool, 'flexmetal', '2026-10-05T12:00:00Z', ['s1', 's2']);
    expect(charges.map(brief)).toEqual([
      ['2026-10-05', '10-05 10:10', '10-05 11:10', '1', '1', true],
    ]);
  });

  test('owes nothing before delivery, when it failed, and something while it is releasing', async () => {
    await addRate(pool, { product: 'flexmetal', price: '1', from: '2026-01-01Z' });
    await listed(
      '2026-10-05T12:00:00Z',
      { uuid: 's1', deliveredAt: null },
      { uuid: 's2', deliveredAt: '2026-10-05T10:00:00Z', status: 'failed' },
      { uuid: 's3', deliveredAt: '2026-10-05T10:00:00Z', status: 'releasing' },
    );
    const charges = await chargesAt(pool, 'flexmetal', '2026-10-05T12:30:00Z', ['s1', 's2', 's3']);
    expect(charges.map(({ resource, hours }) => [resource, hours])).toEqual([['s3', '3']]);
  });

  // 22:40 to month end: blocks at 22:40 and 23:40; in November blocks start on the full hour, so
  // 00:00 to 01:50 is two more. One chain of blocks over the month's end would have been four, too,
  // but with the third at 00:40.
  test('starts its blocks anew with the month', async () => {
    await addRate(pool, { product: 'flexmetal', price: '1', from: '2026-01-01Z' });
    await listed('2026-11-01T02:00:00Z', {
      uuid: 's1',
      deliveredAt: '2026-10-31T22:40:00Z',
      releasedAt: '2026-11-01T01:50:00Z',
    });
    const charges = await chargesAt(pool, 'flexmetal', '2026-11-01T02:00:00Z', ['s1']);
    expect(charges.map(brief)).toEqual([
      ['2026-10-31', '10-31 22:40', '11-01 00:40', '2', '2', true],
      ['2026-11-01', '11-01 00:00', '11-01 02:00', '2', '2', true],
    ]);
  });

  // Blocks at 10:10, 11:10, 12:10, …; the price changes at 12:00. 11:10 still costs the old price
  // though most of it lies after the change: 2 at 1, then 12:10 and 13:10 at 2 (released 13:30).
  test('pays for a block the price in force at its start', async () => {
    await addRate(pool, {
      product: 'flexmetal',
      price: '1',
      from: '2026-01-01Z',
      to: '2026-10-05T12:00:00Z',
    });
    await addRate(pool, { product: 'flexmetal', price: '2', from: '2026-10-05T12:00:00Z' });
    await listed('2026-10-05T14:00:00Z', {
      uuid: 's1',
      deliveredAt: '2026-10-05T10:10:00Z',
      releasedAt: '2026-10-05T13:30:00Z',
    });
    const charges = await chargesAt(pool, 'flexmetal', '2026-10-05T14:00:00Z', ['s1']);
    expect(charges.map(brief)).toEqual([
      ['2026-10-05', '10-05 10:10', '10-05 12:10', '2', '2', true],
      ['2026-10-05', '10-05 12:10', '10-05 14:10', '2', '4', true],
    ]);
  });

  test("prefers the account's own price, and shows hours without any as such", async () => {
    await addRate(pool, {
      product: 'flexmetal',
      price: '2',
      from: '2026-01-01Z',
      to: '2026-10-05T12:00:00Z',
    });
    await addRate(pool, {
      product: 'flexmetal',
      price: '1',
      account: 'i3d-main',
      from: '2026-10-05T11:00:00Z',
      to: '2026-10-05T11:30:00Z',
    });
    await listed('2026-10-05T14:00:00Z', {
      uuid: 's1',
      deliveredAt: '2026-10-05T10:10:00Z',
      releasedAt: '2026-10-05T13:30:00Z',
    });
    const charges = await chargesAt(pool, 'flexmetal', '2026-10-05T14:00:00Z', ['s1']);
    expect(charges.map(brief)).toEqual([
      ['2026-10-05', '10-05 10:10', '10-05 11:10', '1', '2', true],
      ['2026-10-05', '10-05 11:10', '10-05 12:10', '1', '1', true],
      ['2026-10-05', '10-05 12:10', '10-05 14:10', '2', '0', true],
    ]);
  });

  // At 12:30 of the second day: 14 blocks of the first day (10:10 … 23:10), 13 of the second
  // (00:10 … 12:10).
  test('has a settled part and one that still grows, and the tail alone is the same', async () => {
    await addRate(pool, { product: 'flexmetal', price: '0.1', from: '2026-01-01Z' });
    await listed('2026-10-05T12:00:00Z', { uuid: 's1', deliveredAt: '2026-10-05T10:10:00Z' });
    const now = '2026-10-06T12:30:00Z';
    const whole = await chargesAt(pool, 'flexmetal', now, ['s1']);
    expect(whole.map(brief)).toEqual([
      ['2026-10-05', '10-05 10:10', '10-06 00:10', '14', '1.4', true],
      ['2026-10-06', '10-06 00:10', '10-06 13:10', '13', '1.3', false],
    ]);
    expect(await chargesAt(pool, 'flexmetal', now, ['s1'], '2026-10-06')).toEqual(whole.slice(1));
  });
});

describe('a FlexMetal server that left the list', () => {
  beforeEach(async () => {
    await addRate(pool, { product: 'flexmetal', price: '1', from: '2026-01-01Z' });
    await listed('2026-10-05T12:00:00Z', { uuid: 's1', deliveredAt: '2026-10-05T10:00:00Z' });
    await listed('2026-10-07T15:30:00Z');
  });

  // Seen at 12:00 on the 5th, missed at 15:30 on the 7th: released before 15:30 on the 6th. Blocks
  // begun before that: 14 on the 5th (2 of them certain), 16 on the 6th.
  test('is billed to 24 hours before the look that missed it, and says how wrong that can be', async () => {
    const charges = await chargesAt(pool, 'flexmetal', '2026-10-07T16:00:00Z', ['s1']);
    expect(charges.map(({ day, hours, uncertainty }) => [day, hours, uncertainty])).toEqual([
      ['2026-10-05', '14', '12'],
      ['2026-10-06', '16', '16'],
    ]);
  });

  test('is billed exactly once the usage report tells its release', async () => {
    const server = serverRecord({
      uuid: 's1',
      deliveredAt: '2026-10-05T10:00:00Z',
      releasedAt: '2026-10-05T13:15:00Z',
    });
    const row = {
      server,
      startedAt: '2026-10-05T10:00:00Z',
      endedAt: '2026-10-05T13:15:00Z',
      totalHours: 4,
      totalMinutes: 195,
      bandwidthOut: 1,
    };
    await land(pool, 'flexmetal.usage', '2026-10-07T18:00:00Z', [row], '2026-10');
    const charges = await chargesAt(pool, 'flexmetal', '2026-10-07T18:00:00Z', ['s1']);
    expect(charges.map(({ day, hours, uncertainty }) => [day, hours, uncertainty])).toEqual([
      ['2026-10-05', '4', '0'],
    ]);
  });
});

test('a release restated by the usage report of a month that is over is believed', async () => {
  await addRate(pool, { product: 'flexmetal', price: '1', from: '2026-01-01Z' });
  const told = { uuid: 's1', deliveredAt: '2026-09-28T10:00:00Z' };
  await listed('2026-09-28T16:00:00Z', { ...told, releasedAt: '2026-09-28T15:30:00Z' });
  await listed('2026-09-30T16:00:00Z');
  const restated = serverRecord({ ...told, releasedAt: '2026-09-28T12:30:00Z' });
  const row = { server: restated, startedAt: '2026-09-28T10:00:00Z', endedAt: null, totalHours: 3 };
  await land(pool, 'flexmetal.usage', '2026-10-07T18:00:00Z', [row], '2026-09');
  const charges = await chargesAt(pool, 'flexmetal', '2026-10-07T18:00:00Z', ['s1']);
  expect(charges.map(({ hours, uncertainty }) => [hours, uncertainty])).toEqual([['3', '0']]);
});

test('a server that only the usage report knows is billed, and has a life', async () => {
  await addRate(pool, { product: 'flexmetal', price: '1', from: '2026-01-01Z' });
  const server = serverRecord({
    uuid: 's9',
    deliveredAt: '2026-09-28T10:00:00Z',
    releasedAt: '2026-09-28T12:30:00Z',
  });
  const row = { server, startedAt: '2026-09-28T10:00:00Z', endedAt: null, totalHours: 3 };
  await land(pool, 'flexmetal.usage', '2026-10-07T18:00:00Z', [row], '2026-09');
  const charges = await chargesAt(pool, 'flexmetal', '2026-10-07T18:00:00Z', ['s9']);
  expect(charges.map(({ day, hours }) => [day, hours])).toEqual([['2026-09-28', '3']]);
  const { rows } = await pool.query(
    `select status, valid_from, valid_to from intermediate.int_flexmetal__resource_state
     where resource_id = 's9' order by valid_from`,
  );
  expect(rows).toEqual([
    {
      status: 'running',
      valid_from: new Date('2026-09-28T10:00:00Z'),
      valid_to: new Date('2026-09-28T12:30:00Z'),
    },
    { status: 'ended', valid_from: new Date('2026-09-28T12:30:00Z'), valid_to: null },
  ]);
});

describe.each([null, '1970-01-01T00:00:01Z'])(
  'a delivered server whose answer dates its delivery %s',
  (deliveredAt) => {
    const untold = { uuid: 's1', status: 'delivered', deliveredAt };
    beforeEach(async () => {
      await addRate(pool, { product: 'flexmetal', price: '1', from: '2026-01-01Z' });
    });
    const amounts = async (now: string): Promise<unknown[]> =>
      (await chargesAt(pool, 'flexmetal', now, ['s1'])).map(({ day, from, hours, uncertainty }) => [
        day,
        from,
        hours,
        uncertainty,
      ]);

    // Undelivered at 08:30, delivered at 10:00: billed from 10:00; 2 hours more are possible.
    test('is billed from the first sync that saw it delivered, and says how much may be missing', async () => {
      await listed('2026-10-05T08:30:00Z', { uuid: 's1', deliveredAt: null });
      await listed('2026-10-05T10:00:00Z', untold);
      expect(await amounts('2026-10-05T12:30:00Z')).toEqual([
        ['2026-10-05', '10-05 10:00', '3', '2'],
      ]);
    });

    test('is billed from its creation at worst when it was never seen undelivered', async () => {
      await listed('2026-10-01T10:00:00Z', untold);
      expect(await amounts('2026-10-01T12:30:00Z')).toEqual([
        ['2026-10-01', '10-01 10:00', '3', '10'],
      ]);
    });

    test('is billed exactly once the usage report tells its first use', async () => {
      await listed('2026-10-05T10:00:00Z', untold);
      const row = {
        server: serverRecord(untold),
        startedAt: '2026-10-05T09:20:00Z',
        totalHours: 2,
      };
      await land(pool, 'flexmetal.usage', '2026-10-05T11:00:00Z', [row], '2026-10');
      expect(await amounts('2026-10-05T12:30:00Z')).toEqual([
        ['2026-10-05', '10-05 09:20', '4', '0'],
      ]);
    });
  },
);
