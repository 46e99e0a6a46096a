/**
 * Goal: FlexMetal hours are rounded up as the usage report shows, anew in each month or once over a
 * server's life; until it shows that, what only one way counts is in doubt. Method: servers and uses
 * land through the production writer; every expected figure is computed by hand.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { transform } from './ledger.ts';
import { addContract, addRate, CONTRACT, chargesAt, land, serverRecord } from './warehouse.ts';

const RELEASED = '2026-10-05T00:00:00Z';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

/**
 * A server that shows how October is rounded: delivered 21:50, released 01:20. October has 80 minutes:
 * 2 hours anew; over the life 4 of 210 minutes, of which 3 (of 130) began in September, so 1.
 */
async function usageShows(at: string, octoberHours: number): Promise<void> {
  const shower = {
    uuid: 'shower',
    deliveredAt: '2026-09-30T21:50:00Z',
    releasedAt: '2026-10-01T01:20:00Z',
  };
  const row = {
    server: serverRecord(shower),
    startedAt: '2026-10-01T00:00:00Z',
    endedAt: '2026-10-01T01:20:00Z',
    totalHours: octoberHours,
  };
  await land(pool, 'flexmetal.usage', at, [row], '2026-10');
}

async function october(...servers: string[]): Promise<unknown[]> {
  const charges = await chargesAt(pool, 'flexmetal', RELEASED, servers, '2026-10-01');
  return charges.map(({ resource, meter, from, until, hours, cost, uncertainty }) => [
    resource,
    meter,
    `${from} ${until}`,
    hours,
    cost,
    uncertainty,
  ]);
}

// Delivered 22:40, released 01:10. Anew in October: 00:00 and 01:00. Over the life: 22:40, 23:40, 00:40.
describe('a server on demand that runs into the next month', () => {
  beforeEach(async () => {
    await addRate(pool, { product: 'flexmetal', price: '1', from: '2026-01-01Z' });
    const life = { deliveredAt: '2026-09-30T22:40:00Z', releasedAt: '2026-10-01T01:10:00Z' };
    await land(pool, 'flexmetal.servers', RELEASED, [serverRecord({ uuid: 'a', ...life })]);
  });

  test('is in doubt by the hour that only one way of rounding has', async () => {
    expect(await october('a')).toEqual([
      ['a', 'server-hours', '10-01 00:00 10-01 02:00', '2', '2', '1'],
    ]);
  });

  test('is exact by the month or by its life once a use shows which', async () => {
    await usageShows(RELEASED, 2);
    expect(await october('a')).toEqual([
      ['a', 'server-hours', '10-01 00:00 10-01 02:00', '2', '2', '0'],
    ]);
    await usageShows('2026-10-05T06:00:00Z', 1);
    expect(await october('a')).toEqual([
      ['a', 'server-hours', '10-01 00:40 10-01 01:40', '1', '1', '0'],
    ]);
  });
});

// One server is committed from 1 October. a: 22:40 to 01:30, b: 22:20 to 01:30. Anew in October both
// begin at 00:00 and 01:00: a comes first. Over the life b (00:20, 01:20) comes before a (00:40).
describe('servers of a pool that run into the next month', () => {
  beforeEach(async () => {
    await addRate(pool, { product: 'flexmetal', price: '1', from: '2026-01-01Z' });
    const committed = { price: '0.6', contractId: CONTRACT, from: '2026-01-01Z' };
    await addRate(pool, { product: 'flexmetal', ...committed });
    await addContract(pool, 1, '2026-10-01T00:00:00Z', '2026-10-01T02:00:00Z');
    const servers = [
      { uuid: 'a', deliveredAt: '2026-09-30T22:40:00Z' },
      { uuid: 'b', deliveredAt: '2026-09-30T22:20:00Z' },
    ].map((life) =>
      serverRecord({ ...life, contractId: CONTRACT, releasedAt: '2026-10-01T01:30:00Z' }),
    );
    await land(pool, 'flexmetal.servers', RELEASED, servers);
  });

  // a: 0.40 for 00 (overflow over the life), 0.60 for 01 (not at all); b: 0.40 each (covered).
  test('are in doubt by what the other way of rounding assigns', async () => {
    expect(await october('a', 'b')).toEqual([
      ['a', 'committed-server-hours', '10-01 00:00 10-01 02:00', '2', '1.2', '1'],
      ['b', 'overflow-server-hours', '10-01 00:00 10-01 02:00', '2', '2', '0.8'],
    ]);
  });

  test('are exact once a use shows that a life is rounded', async () => {
    await usageShows(RELEASED, 1);
    expect(await october('a', 'b')).toEqual([
      ['a', 'overflow-server-hours', '10-01 00:40 10-01 01:40', '1', '1', '0'],
      ['b', 'committed-server-hours', '10-01 00:20 10-01 02:20', '2', '1.2', '0'],
    ]);
  });
});

test('a use that shows another rounding reaches the servers of before, as a recomputation does', async () => {
  const life = { deliveredAt: '2026-09-30T22:40:00Z', releasedAt: '2026-10-01T01:10:00Z' };
  await land(pool, 'flexmetal.servers', RELEASED, [serverRecord({ uuid: 'a', ...life })]);
  const hours = async (at: string): Promise<unknown> => {
    await transform(pool, Date.parse(at));
    const { rows } = await pool.query(
      `select trim_scale(sum(quantity))::text as hours, trim_scale(sum(uncertainty))::text as doubt
       from intermediate.known_charge where resource_id = 'a'`,
    );
    return rows[0];
  };
  expect(await hours('2026-10-05T01:00:00Z')).toEqual({ hours: '4', doubt: '1' });
  await usageShows('2026-10-05T06:00:00Z', 2);
  expect(await hours('2026-10-05T07:00:00Z')).toEqual({ hours: '4', doubt: '0' });
  await usageShows('2026-10-05T12:00:00Z', 1);
  expect(await hours('2026-10-05T13:00:00Z')).toEqual({ hours: '3', doubt: '0' });
  expect(await transform(pool, Date.parse('2026-10-05T13:00:00Z'), true)).toMatchObject({
    chargesPosted: 0,
    chargesReversed: 0,
    accrualsWritten: 0,
  });
});

// u was delivered at an instant that nobody reports, and seen so at 10:20 on 30 September. Over the life its
// blocks of October begin at any minute: at 11:30 and 12:30 either u or b is covered. Anew in October they
// begin at full hours, before b's.
describe('a server of a pool beside one whose delivery nobody reports', () => {
  beforeEach(async () => {
    await addRate(pool, { product: 'flexmetal', price: '1', from: '2026-01-01Z' });
    await addRate(pool, {
      product: 'flexmetal',
      price: '0.6',
      contractId: CONTRACT,
      from: '2026-01-01Z',
    });
    await addContract(pool, 1, '2026-10-01T00:00:00Z', '2026-10-02T00:00:00Z');
    const createdAt = Date.UTC(2026, 8, 30, 8) / 1000;
    const u = (releasedAt: string | null): unknown => ({
      ...serverRecord({
        uuid: 'u',
        status: 'delivered',
        deliveredAt: null,
        releasedAt,
        contractId: CONTRACT,
      }),
      createdAt,
    });
    await land(pool, 'flexmetal.servers', '2026-09-30T10:20:00Z', [u(null)]);
    const b = {
      uuid: 'b',
      contractId: CONTRACT,
      deliveredAt: '2026-10-01T11:30:00Z',
      releasedAt: '2026-10-01T13:00:00Z',
    };
    await land(pool, 'flexmetal.servers', '2026-10-01T14:00:00Z', [
      u('2026-10-01T13:10:00Z'),
      serverRecord(b),
    ]);
  });
  const overflow = async (): Promise<unknown[]> =>
    (await october('b', 'u')).filter((row) => (row as unknown[])[0] === 'b');
  const twoHours = ['b', 'overflow-server-hours', '10-01 11:30 10-01 13:30', '2', '2'];

  test('is in doubt by the two prices while hours count over the life, or may do so', async () => {
    expect(await overflow()).toEqual([[...twoHours, '0.8']]);
    await usageShows(RELEASED, 1);
    expect(await overflow()).toEqual([[...twoHours, '0.8']]);
  });

  test('is certain where hours count anew in each month', async () => {
    await usageShows(RELEASED, 2);
    expect(await overflow()).toEqual([[...twoHours, '0']]);
  });
});
