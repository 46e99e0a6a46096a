/**
 * Goal: money back is money back, also where it comes as a charge of the other sign. Method: reports
 * land through the production writer and are transformed; the balances say which sign charges have.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import {
  type Balances,
  expectNothingMore,
  type Line,
  listed,
  monthCosts,
  reported,
  transformedAt,
  walletMovements,
} from './warehouse.ts';

const START = '2026-10-01T00:00:00Z';
const END = '2026-10-03T00:00:00Z';
const LOOK = '2026-10-05T00:00:00Z';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

const rental = (id: string, machine: string, amount: string, more: Partial<Line> = {}): Line => ({
  id,
  type: 'baremetal_charge',
  amount,
  start: START,
  end: END,
  instance: { id: `bi-${machine}`, baremetal_rental_id: machine },
  ...more,
});
const opened = '2026-10-04T00:00:00Z';

async function october(lines: readonly Line[], balances?: Balances, at = LOOK): Promise<string[]> {
  await reported(pool, at, '2026-10', lines, balances);
  await transformedAt(pool, at);
  const costs = await monthCosts(pool, '2026-10');
  await expectNothingMore(pool, at);
  return costs;
}

async function classOf(source: string, line: string): Promise<unknown> {
  const { rows } = await pool.query(
    'select class from mart.rpt_reconciliation_line where source = $1 and line = $2',
    [source, line],
  );
  return rows[0]?.class;
}

const SPENT_130: Balances = { opening: '960', change: '-130', closing: '830' };

describe.each([
  ['signed', -1],
  ['unsigned', 1],
])('in a %s ledger', (_, sign) => {
  const amount = (usd: number): string => `${sign * usd}`;
  const charges = [rental('c2', 'm2', amount(100)), rental('c3', 'm3', amount(60))];
  const refund = rental('r1', 'm2', amount(-30), { opened });

  test('100 and 60 charged and 30 given back cost 130', async () => {
    expect(await october([...charges, refund], SPENT_130)).toEqual([
      'm2 billed Credit -30 ±0',
      'm2 billed Usage 100 ±0',
      'm3 billed Usage 60 ±0',
    ]);
    expect(await classOf('transactions', 'm2')).toBe('matched');
    expect(await classOf('balance', 'ledger')).toBe('matched');
    expect(await classOf('balance', 'sum of transactions')).toBe('matched');
  });

  test('a refund that arrives later is found without a full run', async () => {
    const spent160 = { opening: '960', change: '-160', closing: '800' };
    await october(charges, spent160, '2026-10-03T12:00:00Z');
    expect(await october([...charges, refund], SPENT_130)).toContain('m2 billed Credit -30 ±0');
  });

  test('a month that holds a refund alone credits it where the balance proves it', async () => {
    const balances = { opening: '0', change: '30', closing: '30' };
    expect(await october([refund], balances)).toEqual(['m2 billed Credit -30 ±0']);
  });

  test('proven only later, the month is read anew', async () => {
    expect(await october([refund], undefined, '2026-10-04T12:00:00Z')).toEqual([
      'm2 billed Usage 30 ±0',
    ]);
    const balances = { opening: '0', change: '30', closing: '30' };
    expect(await october([refund], balances)).toEqual(['m2 billed Credit -30 ±0']);
  });

  test('where no balance proves it, the refund may be a charge', async () => {
    expect(await october([...charges, refund])).toContain('m2 billed Credit -30 ±60');
  });

  test('the machine\u2019s own rate is compared with its charges, not with what was given back', async () => {
    const machine = { id: 'm2', status: 'Running', creation_timestamp: START, rate_hourly: '2' };
    await listed(pool, END, 'bare metal', [machine]);
    await october([rental('c2', 'm2', amount(96)), rental('r1', 'm2', amount(-30), { opened })]);
    expect(await classOf('hourly rate', 'm2')).toBe('matched');
  });

  test('a refund does not pay for the time that the machine runs', async () => {
    const machine = { id: 'm2', status: 'Running', creation_timestamp: START, rate_hourly: '2' };
    await listed(pool, END, 'bare metal', [machine]);
    const ahead = { end: '2026-10-02T00:00:00Z' };
    const lines = [
      rental('c2', 'm2', amount(48), ahead),
      rental('r1', 'm2', amount(-30), { opened }),
    ];
    await october(lines, { opening: '0', change: '-18', closing: '-18' });
    expect(await october(lines, { opening: '0', change: '-18', closing: '-18' })).toContain(
      'm2 derived Usage 144 ±144',
    );
  });
});

test('where every amount has the sign of a cost, what comes back as another type is money back', async () => {
  const refund = { id: 'r1', type: 'other', amount: '-30', start: opened };
  const spent10 = { opening: '0', change: '-10', closing: '-10' };
  const costs = await october([rental('c2', 'm2', '40'), refund], spent10);
  expect(costs).toContain('m2 billed Usage 40 ±0');
  expect(costs.filter((cost) => cost.includes('Credit'))).toEqual([
    expect.stringContaining('billed Credit -30 ±0'),
  ]);
  expect(await classOf('balance', 'sum of transactions')).toBe('matched');
});

test('what the balance proves only later of another type is found without a full run', async () => {
  const lines = [
    rental('c2', 'm2', '40'),
    { id: 'r1', type: 'other', amount: '-30', start: opened },
  ];
  await october(lines, { opening: '0', change: '-99', closing: '-99' });
  const proven = { opening: '0', change: '-10', closing: '-10' };
  const costs = await october(lines, proven, '2026-10-06T00:00:00Z');
  expect(costs).toContain('r1 billed Credit -30 \u00b10');
});

test('a deposit that is taken back moves the wallet down', async () => {
  const deposit = { type: 'stripe_deposit', start: START };
  await reported(pool, LOOK, '2026-10', [
    { ...deposit, id: 'tx1', amount: '500' },
    { ...deposit, id: 'tx2', amount: '-500', start: opened },
  ]);
  expect(await walletMovements(pool)).toEqual([
    'deposit 500 voltage_park/tx1/2026-10',
    'deposit -500 voltage_park/tx2/2026-10',
  ]);
});

test('a payout that is taken back is a cost', async () => {
  const payout = { type: 'payout', start: START, end: END, instance: { id: 'i1' } };
  const lines = [
    { ...payout, id: 'tx1', amount: '20' },
    { ...payout, id: 'tx2', amount: '-5' },
  ];
  await reported(pool, LOOK, '2026-10', lines);
  await transformedAt(pool, LOOK);
  const { rows } = await pool.query(
    'select trim_scale(sum(billed_cost))::text as cost from intermediate.known_charge',
  );
  expect(rows).toEqual([{ cost: '-15' }]);
});
