/**
 * Goal: a committed pool covers, in each UTC clock hour, the first blocks that start in it up to its
 * capacity; the rest is overflow at the on-demand price, and what nobody used is owed all the same.
 * Method: servers land through the production writer; every figure is computed by hand.
 */
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import {
  addContract,
  addRate,
  type Charge,
  CONTRACT,
  chargesAt,
  land,
  POOL,
  type Server,
  serverRecord,
} from './warehouse.ts';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await addRate(pool, { product: 'flexmetal', price: '1', from: '2026-01-01Z' });
  await addRate(pool, {
    product: 'flexmetal',
    price: '0.6',
    contractId: CONTRACT,
    from: '2026-01-01Z',
  });
});

const brief = ({ resource, meter, day, hours, cost, settled }: Charge): unknown[] => [
  resource,
  meter,
  day,
  hours,
  cost,
  settled,
];

async function listed(at: string, ...servers: Server[]): Promise<void> {
  const records = servers.map((server) => serverRecord({ contractId: CONTRACT, ...server }));
  await land(pool, 'flexmetal.servers', at, records);
}

// Capacity 1 from 10:00 to 16:00. Blocks of a: 10:20, 11:20, 12:20 (released 13:00); of b: 11:10,
// 12:10, 13:10 (released 14:10). In hour 10 a is covered; in 11 and 12 b starts first, so that a is
// overflow; in 13 b is covered; 14 and 15 are unused.
test('covers by the order of block starts, and charges overflow and idle hours', async () => {
  await addContract(pool, 1, '2026-10-05T10:00:00Z', '2026-10-05T16:00:00Z');
  await listed(
    '2026-10-05T15:00:00Z',
    { uuid: 'a', deliveredAt: '2026-10-05T10:20:00Z', releasedAt: '2026-10-05T13:00:00Z' },
    { uuid: 'b', deliveredAt: '2026-10-05T11:10:00Z', releasedAt: '2026-10-05T14:10:00Z' },
  );
  const now = '2026-10-05T17:00:00Z';
  const expected = [
    [POOL, 'unused-commitment-hours', '2026-10-05', '2', '1.2', true],
    ['a', 'committed-server-hours', '2026-10-05', '1', '0.6', true],
    ['a', 'overflow-server-hours', '2026-10-05', '2', '2', true],
    ['b', 'committed-server-hours', '2026-10-05', '3', '1.8', true],
  ];
  expect((await chargesAt(pool, 'flexmetal', now, ['a'])).map(brief)).toEqual(expected);
  expect((await chargesAt(pool, 'flexmetal', now, [POOL])).map(brief)).toEqual(expected);
});

// At 12:30 the clock hours 10, 11 and 12 have begun. Server a (blocks at :45) covers 10 and 11; its
// block at 12:45 has not begun, so hour 12 counts as unused until then.
test('counts an unused hour once it has begun, and takes it back when a block begins in it', async () => {
  await addContract(pool, 1, '2026-10-05T10:00:00Z', '2027-01-01Z');
  await listed('2026-10-05T11:00:00Z', { uuid: 'a', deliveredAt: '2026-10-05T10:45:00Z' });
  expect((await chargesAt(pool, 'flexmetal', '2026-10-05T12:30:00Z', ['a'])).map(brief)).toEqual([
    [POOL, 'unused-commitment-hours', '2026-10-05', '1', '0.6', false],
    ['a', 'committed-server-hours', '2026-10-05', '2', '1.2', false],
  ]);
  expect((await chargesAt(pool, 'flexmetal', '2026-10-05T12:46:00Z', ['a'])).map(brief)).toEqual([
    ['a', 'committed-server-hours', '2026-10-05', '3', '1.8', false],
  ]);
});

// The contract ends at 12:00: blocks at 10:15 and 11:15 are covered, those at 12:15 and 13:15 are
// plain on-demand hours. A contract that nobody has recorded leaves on-demand hours, too.
test('knows no pool outside of the contract, nor for a contract that is not recorded', async () => {
  await addContract(pool, 3, '2026-10-05T10:00:00Z', '2026-10-05T12:00:00Z');
  await listed(
    '2026-10-05T14:00:00Z',
    { uuid: 'a', deliveredAt: '2026-10-05T10:15:00Z', releasedAt: '2026-10-05T14:00:00Z' },
    {
      uuid: 'b',
      contractId: 'OTHER-1',
      deliveredAt: '2026-10-05T10:15:00Z',
      releasedAt: '2026-10-05T11:00:00Z',
    },
  );
  const charges = await chargesAt(pool, 'flexmetal', '2026-10-05T14:00:00Z', ['a', 'b']);
  expect(charges.map(brief)).toEqual([
    [POOL, 'unused-commitment-hours', '2026-10-05', '4', '2.4', true],
    ['a', 'committed-server-hours', '2026-10-05', '2', '1.2', true],
    ['a', 'server-hours', '2026-10-05', '2', '2', true],
    ['b', 'server-hours', '2026-10-05', '1', '1', true],
  ]);
});

test("the tail from yesterday is the tail of the whole, over a month's end", async () => {
  await addContract(pool, 2, '2026-10-30T00:00:00Z', '2027-01-01Z');
  await listed(
    '2026-11-02T12:00:00Z',
    { uuid: 'a', deliveredAt: '2026-10-30T10:20:00Z' },
    { uuid: 'b', deliveredAt: '2026-10-30T11:10:00Z', releasedAt: '2026-11-01T13:30:00Z' },
    { uuid: 'c', deliveredAt: '2026-10-31T11:15:00Z' },
    { uuid: 'd', deliveredAt: '2026-11-01T22:50:00Z' },
  );
  const now = '2026-11-02T12:30:00Z';
  const whole = await chargesAt(pool, 'flexmetal', now, ['a']);
  const tail = await chargesAt(pool, 'flexmetal', now, ['c'], '2026-11-01');
  expect(tail).toEqual(whole.filter(({ day }) => day >= '2026-11-01'));
  expect(tail.length).toBeGreaterThan(6);
});

test('the pool is a resource of its own for every account that lists servers', async () => {
  await addContract(pool, 2, '2026-10-30T00:00:00Z', '2027-01-01Z');
  await listed('2026-11-02T12:00:00Z');
  const { rows } = await pool.query(
    `select account_id, resource_id, resource_type, started_at, ended_at
     from intermediate.int_flexmetal_pool__resource_state`,
  );
  expect(rows).toEqual([
    {
      account_id: 'i3d-main',
      resource_id: POOL,
      resource_type: 'Committed Capacity',
      started_at: new Date('2026-10-30T00:00:00Z'),
      ended_at: new Date('2027-01-01T00:00:00Z'),
    },
  ]);
});

// Neither a quota sample nor a contract row tells the capacity: on demand (1.00), in doubt by the
// difference to the contract's price (0.60); without a price for the contract by all of it.
test('a server that names a contract without a known capacity is uncertain by the two prices', async () => {
  const life = { deliveredAt: '2026-10-05T10:15:00Z', releasedAt: '2026-10-05T12:00:00Z' };
  await listed(
    '2026-10-05T14:00:00Z',
    { uuid: 'a', ...life },
    { uuid: 'b', contractId: 'OTHER-1', ...life },
    { uuid: 'c', contractId: '', ...life },
  );
  const charges = await chargesAt(pool, 'flexmetal', '2026-10-05T14:00:00Z', ['a', 'b', 'c']);
  expect(
    charges.map(({ resource, meter, cost, uncertainty }) => [resource, meter, cost, uncertainty]),
  ).toEqual([
    ['a', 'server-hours', '2', '0.8'],
    ['b', 'server-hours', '2', '2'],
    ['c', 'server-hours', '2', '0'],
  ]);
});

// First listed at 01:00 on 2 October: whoever ran from 01:00 on the 1st is shown. Of hours 22, 23 and 0
// no answer shows who else ran: a's covered hours may be overflow (0.40 each), and what counts as unused
// (0.60 each) may have been used. A usage report that was read shows everyone of its month.
test('before the first listing, hours are certain only in months of which the usage was read', async () => {
  await addContract(pool, 2, '2026-09-30T22:00:00Z', '2026-10-01T02:00:00Z');
  await listed('2026-10-02T01:00:00Z', {
    uuid: 'a',
    deliveredAt: '2026-09-30T22:00:00Z',
    releasedAt: '2026-10-01T02:00:00Z',
  });
  const uncertain = async (): Promise<unknown[]> =>
    (await chargesAt(pool, 'flexmetal', '2026-10-02T02:00:00Z', ['a'])).map(
      ({ resource, day, hours, uncertainty }) => [resource, day, hours, uncertainty],
    );
  const hours = (september: [string, string], october: [string, string]): unknown[] => [
    [POOL, '2026-09-30', '2', september[0]],
    [POOL, '2026-10-01', '2', october[0]],
    ['a', '2026-09-30', '2', september[1]],
    ['a', '2026-10-01', '2', october[1]],
  ];
  expect(await uncertain()).toEqual(hours(['1.2', '0.8'], ['0.6', '0.4']));
  await land(pool, 'flexmetal.usage', '2026-10-02T01:00:00Z', [], '2026-09');
  expect(await uncertain()).toEqual(hours(['0', '0'], ['0.6', '0.4']));
  await land(pool, 'flexmetal.usage', '2026-10-02T01:00:00Z', [], '2026-10');
  expect(await uncertain()).toEqual(hours(['0', '0'], ['0', '0']));
});
