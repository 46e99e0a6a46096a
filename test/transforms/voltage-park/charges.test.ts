/**
 * Goal: what the provider's ledger says becomes days that add up to it, and a day once settled
 * stays. Method: reports land through the production writer; figures are by hand, at 2 USD an hour.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { type Charge, changedFrom, chargesAt, type Line, listed, reported } from './warehouse.ts';

const VM = { id: 'i1', type: 'virtual_machine_instance', virtual_machine_id: 'vm1' };
const START = '2026-10-30T20:00:00Z';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

const running = (amount: string, more: Partial<Line> = {}): Line => ({
  amount: `-${amount}`,
  start: START,
  instance: VM,
  ...more,
});

const brief = ({ from, until, cost, isSettled }: Charge) => [from, until, cost, isSettled];

async function polledAroundMidnight(): Promise<void> {
  await reported(pool, '2026-10-30T23:00:00Z', '2026-10', [running('6.000000')]);
  await reported(pool, '2026-10-31T01:00:00Z', '2026-10', [running('10.000000')]);
}

test('a midnight is split by seconds, and the open day ends at the last look', async () => {
  await polledAroundMidnight();
  const charges = await chargesAt(pool, '2026-10-31T02:00:00Z');
  expect(charges).toEqual([
    {
      key: 'voltage_park/tx1/2026-10/2026-10-30',
      resource: 'vm1',
      meter: 'vm-hours',
      from: '10-30 20:00:00',
      until: '10-31 00:00:00',
      hours: '4',
      gpuHours: null,
      price: '2',
      cost: '8',
      category: 'Usage',
      uncertainty: '0',
      isSettled: true,
    },
    expect.objectContaining({ from: '10-31 00:00:00', until: '10-31 01:00:00', cost: '2' }),
  ]);
  expect(charges[1]?.isSettled).toBe(false);
});

test('a recent from_date gives the tail of all', async () => {
  await polledAroundMidnight();
  const now = '2026-10-31T02:00:00Z';
  const all = await chargesAt(pool, now);
  expect(await chargesAt(pool, now, '2026-10-31')).toEqual(all.slice(1));
  expect(await chargesAt(pool, now, '2026-11-01')).toEqual([]);
});

test('an observation after the end stands at the end, and settles it', async () => {
  await polledAroundMidnight();
  const end = '2026-10-31T02:30:00Z';
  await reported(pool, '2026-11-01T00:15:00Z', '2026-10', [running('13.000000', { end })]);
  expect((await chargesAt(pool, '2026-11-01T00:15:00Z')).map(brief)).toEqual([
    ['10-30 20:00:00', '10-31 00:00:00', '8', true],
    ['10-31 00:00:00', '10-31 02:30:00', '5', true],
  ]);
});

test('a month that is over ends the part, the next one begins its own', async () => {
  await polledAroundMidnight();
  await reported(pool, '2026-11-01T06:15:00Z', '2026-10', [running('56.000000')]);
  await reported(pool, '2026-11-01T06:15:00Z', '2026-11', [running('12.500000')]);
  expect((await chargesAt(pool, '2026-11-01T07:00:00Z')).map(brief)).toEqual([
    ['10-30 20:00:00', '10-31 00:00:00', '8', true],
    ['10-31 00:00:00', '11-01 00:00:00', '48', true],
    ['11-01 00:00:00', '11-01 06:15:00', '12.5', false],
  ]);
});

test('a settled day does not move when its transaction grows on', async () => {
  await polledAroundMidnight();
  const [settled] = await chargesAt(pool, '2026-10-31T02:00:00Z');
  await changedFrom(pool);
  await reported(pool, '2026-10-31T07:00:00Z', '2026-10', [running('99.000000')]);
  expect((await chargesAt(pool, '2026-10-31T08:00:00Z'))[0]).toEqual(settled);
  expect(await changedFrom(pool)).toEqual(['vm1 10-31 01:00:00']);
});

test('what is restated down was never due, and the whole month is touched', async () => {
  await polledAroundMidnight();
  await changedFrom(pool);
  await reported(pool, '2026-10-31T07:00:00Z', '2026-10', [running('7.000000')]);
  expect((await chargesAt(pool, '2026-10-31T08:00:00Z')).map(brief)).toEqual([
    ['10-30 20:00:00', '10-31 00:00:00', '6.5', true],
    ['10-31 00:00:00', '10-31 07:00:00', '0.5', false],
  ]);
  expect(await changedFrom(pool)).toEqual(['vm1 10-30 20:00:00']);
});

test('a row that the report drops leaves no charge', async () => {
  await polledAroundMidnight();
  await changedFrom(pool);
  await reported(pool, '2026-10-31T07:00:00Z', '2026-10', []);
  expect(await chargesAt(pool, '2026-10-31T08:00:00Z')).toEqual([]);
  expect(await changedFrom(pool)).toEqual(['vm1 10-30 20:00:00']);
});

test('an amount that stands still settles when its month is not read again', async () => {
  await polledAroundMidnight();
  const settled = async (now: string) =>
    (await chargesAt(pool, now)).map(({ isSettled }) => isSettled);
  expect(await settled('2026-12-01T23:59:59Z')).toEqual([true, false]);
  expect(await settled('2026-12-02T00:00:00Z')).toEqual([true, true]);
});

test('a chain of transactions on one instance charges each for its own time', async () => {
  const link = (id: string, amount: string, opened: string, end?: string): Line => ({
    ...running(amount, end === undefined ? {} : { end }),
    id,
    opened,
    instance: { id: 'i', baremetal_rental_id: 'bm1' },
  });
  const next = '2026-10-31T20:00:00Z';
  const lines = [link('tx1', '48', START, next), link('tx2', '8', next)];
  await reported(pool, '2026-11-01T00:00:00Z', '2026-10', lines);
  expect((await chargesAt(pool, '2026-11-01T00:00:00Z')).map(brief)).toEqual([
    ['10-30 20:00:00', '10-31 00:00:00', '8', true],
    ['10-31 00:00:00', '10-31 20:00:00', '40', true],
    ['10-31 20:00:00', '11-01 00:00:00', '8', true],
  ]);
});

test('a transaction opened after its instance ended stands for all of it', async () => {
  const end = '2026-10-31T02:00:00Z';
  const lines = [running('12', { end, opened: '2026-10-31T05:00:00Z' })];
  await reported(pool, '2026-10-31T06:00:00Z', '2026-10', lines);
  expect((await chargesAt(pool, '2026-10-31T06:00:00Z')).map(brief)).toEqual([
    ['10-30 20:00:00', '10-31 00:00:00', '8', true],
    ['10-31 00:00:00', '10-31 02:00:00', '4', true],
  ]);
});

describe('kinds of transaction', () => {
  const start = '2026-10-30T22:00:00Z';
  const end = '2026-10-30T23:00:00Z';
  const span = { start, end, amount: '-3.5' };
  const cases: [string, Line, Partial<Charge>][] = [
    [
      'a disk of a machine',
      { ...span, instance: { ...VM, type: 'storage_block_instance' } },
      { resource: 'vm1', meter: 'vm-storage-hours', cost: '3.5', gpuHours: '0' },
    ],
    [
      'a rental',
      { ...span, type: 'baremetal_charge', instance: { id: 'i', baremetal_rental_id: 'bm1' } },
      { resource: 'bm1', meter: 'bare-metal-hours', cost: '3.5' },
    ],
    [
      'a volume, in a ledger without signs',
      { ...span, amount: '3.5', type: 'storage_charge', instance: { id: 'vol1' } },
      { resource: 'vol1', meter: 'storage-hours', cost: '3.5', hours: '1' },
    ],
    [
      'a payout',
      { ...span, amount: '3.5', type: 'payout', instance: VM },
      { resource: 'vm1', meter: 'payout-hours', cost: '-3.5', category: 'Credit', hours: '0' },
    ],
    [
      'a credit',
      { ...span, amount: '25', type: 'other' },
      { resource: 'tx1', cost: '-25', category: 'Credit', until: '10-30 22:00:01' },
    ],
    [
      'a debit without reason',
      { ...span, type: 'other' },
      { resource: 'tx1', meter: 'adjustment', cost: '3.5', category: 'Adjustment' },
    ],
    [
      'an unknown type',
      { ...span, type: 'kubernetes_charge', instance: { id: 'k1' } },
      { resource: 'k1', meter: 'unclassified-hours', cost: '3.5', uncertainty: '7' },
    ],
    [
      'an interval without length',
      { ...span, end: start, instance: VM },
      { resource: 'vm1', from: '10-30 22:00:00', until: '10-30 22:00:01', cost: '3.5' },
    ],
  ];
  test.each(cases)('%s', async (_, line, expected) => {
    await reported(pool, '2026-10-31T01:00:00Z', '2026-10', [line]);
    const charges = await chargesAt(pool, '2026-10-31T01:00:00Z');
    expect(charges).toEqual([expect.objectContaining({ ...expected, isSettled: true })]);
  });

  test('an amount with a positive exponent is what it says: 2E+2 is 200', async () => {
    await reported(pool, '2026-10-31T01:00:00Z', '2026-10', [
      { ...span, amount: '-2E+2', instance: VM },
    ]);
    const charges = await chargesAt(pool, '2026-10-31T01:00:00Z');
    expect(charges.map(({ cost }) => cost)).toEqual(['200']);
  });

  test('a deposit is no charge', async () => {
    const deposit = { type: 'stripe_deposit', amount: '500', start, end };
    await reported(pool, '2026-10-31T01:00:00Z', '2026-10', [deposit]);
    expect(await chargesAt(pool, '2026-10-31T01:00:00Z')).toEqual([]);
  });
});

test('the machine lends its price, its GPUs and, once listed, its location', async () => {
  await polledAroundMidnight();
  await listed(pool, '2026-10-31T01:00:00Z', 'virtual machines', [
    {
      id: 'vm1',
      hostnode_id: 'hn1',
      type: 'spot',
      status: 'Running',
      resources: { gpus: { 'h100-sxm5-80gb': { count: 8 } } },
      pricing: { total_associated_per_hr: '2.01', total_disassociated_per_hr: '0.01' },
      timestamp_creation: START,
    },
  ]);
  const [day] = await chargesAt(pool, '2026-10-31T02:00:00Z');
  expect(day).toMatchObject({ price: '2', gpuHours: '32', cost: '8' });
  await changedFrom(pool);
  const node = { id: 'loc1', city: 'Dallas', country: 'US', hostnodes: [{ id: 'hn1' }] };
  await listed(pool, '2026-10-31T03:00:00Z', 'locations', [node]);
  expect(await changedFrom(pool)).toEqual(['vm1 10-29 20:00:00']);
});
