/**
 * Goal: every figure of the provider that can be held against another one is, an honest provider
 * passes, and a false figure is named. Method: answers land through the production writer and are
 * transformed; figures are by hand, at 2 USD an hour.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { type Balances, burned, type Line, listed, reported, transformedAt } from './warehouse.ts';

const START = '2026-10-30T20:00:00Z';
const LOOK = '2026-10-31T20:00:00Z';
const VM = { id: 'i1', type: 'virtual_machine_instance', virtual_machine_id: 'vm1' };

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

/** A machine at `rate` USD an hour for compute; its disk is free. */
const machine = (rate: string, more: Record<string, unknown> = {}) => ({
  id: 'vm1',
  status: 'Running',
  resources: { gpus: {} },
  pricing: { total_associated_per_hr: rate, total_disassociated_per_hr: '0' },
  timestamp_creation: START,
  ...more,
});

const seen = (at: string, ...machines: unknown[]) => listed(pool, at, 'virtual machines', machines);

const running = (amount: string, more: Partial<Line> = {}): Line => ({
  amount: `-${amount}`,
  start: START,
  instance: VM,
  ...more,
});

/** `<month> <line> <ours> <theirs> <class>` of every comparison of a source. */
async function compared(source: string): Promise<string[]> {
  const { rows } = await pool.query<{ comparison: string }>(
    `select concat_ws(' ', to_char(month, 'MM'), line, coalesce(trim_scale(ours)::text, '-'),
       coalesce(trim_scale(theirs)::text, '-'), class) as comparison
     from mart.rpt_reconciliation_line
     where source = $1 order by month, line`,
    [source],
  );
  return rows.map((row) => row.comparison);
}

describe('balances', () => {
  const deposit = { id: 'tx2', type: 'stripe_deposit', amount: '100', start: START };
  const credit = { id: 'tx3', type: 'other', amount: '5', start: START };
  const october = async (balances: Balances, lines = [running('48'), deposit, credit]) => {
    await reported(pool, LOOK, '2026-10', lines, balances);
    await transformedAt(pool, LOOK);
  };

  test('a month that still runs proves deposits, credits and cost against its balance', async () => {
    await october({ opening: '10', change: '57', closing: '67' });
    expect(await compared('balance')).toEqual([
      '10 ledger 57 57 matched',
      '10 opening and change 67 67 matched',
      '10 sum of transactions 57 57 matched',
    ]);
  });

  test('a ledger without signs is met too', async () => {
    const lines = [running('48', { amount: '48' }), deposit, credit];
    await october({ opening: '10', change: '57', closing: '67' }, lines);
    expect(await compared('balance')).toContain('10 sum of transactions 57 57 matched');
  });

  test('what the balance lost without a transaction is unexplained', async () => {
    await october({ opening: '10', change: '56', closing: '67' });
    expect(await compared('balance')).toEqual([
      '10 ledger 57 56 unexplained',
      '10 opening and change 66 67 unexplained',
      '10 sum of transactions 57 56 unexplained',
    ]);
  });

  test('a month that was read to its end closes where the next one opens', async () => {
    const later = '2026-11-01T06:00:00Z';
    const balances = { opening: '10', change: '-56', closing: '-46' };
    await reported(pool, later, '2026-10', [running('56')], balances);
    const next = { opening: '-45', change: '-12', closing: '-57' };
    await reported(pool, later, '2026-11', [running('12')], next);
    await transformedAt(pool, later);
    expect(await compared('balance')).toContain('10 closing and next opening -46 -45 unexplained');
  });

  test('what landed after the ledger was made is timing', async () => {
    await october({ opening: '10', change: '57', closing: '67' });
    const restated = { opening: '10', change: '55', closing: '65' };
    const lines = [running('50'), deposit, credit];
    await reported(pool, '2026-10-31T21:00:00Z', '2026-10', lines, restated);
    expect(await compared('balance')).toContain('10 ledger 57 55 timing');
    expect(await compared('transactions')).toContain('10 vm1 48 50 timing');
  });
});

describe('transactions', () => {
  test('an estimate is open until its month\u2019s report was read to its end, then it is missing there', async () => {
    await seen('2026-10-30T22:00:00Z', machine('2'));
    await seen('2026-10-30T23:00:00Z');
    await reported(pool, LOOK, '2026-10', []);
    await transformedAt(pool, LOOK);
    expect(await compared('transactions')).toEqual([]);
    expect(await compared('estimates')).toEqual(['10 vm1 6 - timing']);
    await transformedAt(pool, '2026-12-02T00:00:00Z');
    expect(await compared('estimates')).toEqual(['10 vm1 6 - timing']);
    await reported(pool, '2026-12-02T00:00:00Z', '2026-10', []);
    expect(await compared('estimates')).toEqual(['10 vm1 6 - missing there']);
  });

  test('an estimate beside a bill does not explain a difference from it', async () => {
    await seen('2026-10-30T22:00:00Z', machine('2'));
    await reported(pool, LOOK, '2026-10', [running('48')]);
    await seen(LOOK, machine('2'));
    await transformedAt(pool, '2026-10-31T22:00:00Z');
    expect(await compared('transactions')).toEqual(['10 vm1 48 48 matched']);
    expect(await compared('estimates')).toEqual(['10 vm1 4 - timing']);
  });

  test('an unknown type is kept, counted and declared', async () => {
    const unknown = running('7', { type: 'kubernetes_charge', instance: { id: 'k1' } });
    await reported(pool, LOOK, '2026-10', [unknown]);
    await transformedAt(pool, LOOK);
    expect(await compared('transactions')).toEqual(['10 k1 7 7 matched']);
    const { rows } = await pool.query(
      `select price_source, trim_scale(sum(uncertainty)) as uncertainty
       from intermediate.known_charge group by price_source`,
    );
    expect(rows).toEqual([{ price_source: 'unclassified', uncertainty: '14' }]);
  });

  test.each([
    ['68', 'matched'],
    ['69', 'unexplained'],
  ])('a completed total of %s against its months: %s', async (total, verdict) => {
    const later = '2026-11-01T12:00:00Z';
    const end = '2026-11-01T06:00:00Z';
    await reported(pool, later, '2026-10', [running('56', { end })]);
    await reported(pool, later, '2026-11', [running('12', { end })]);
    await listed(pool, later, 'transactions', [
      {
        id: 'tx1',
        total_amount: `-${total}`,
        timestamp_creation: START,
        timestamp_completion: end,
        details: { type: 'charge' },
      },
    ]);
    await transformedAt(pool, later);
    expect(await compared('transaction log')).toEqual([`11 vm1 68 ${total} ${verdict}`]);
  });
});

describe('hourly rate', () => {
  const billed = async (amount: string, more: Partial<Line> = {}) => {
    await reported(pool, LOOK, '2026-10', [running(amount, more)]);
    return compared('hourly rate');
  };

  test('running time at the machine\u2019s own rate is the second opinion', async () => {
    await seen('2026-10-30T21:00:00Z', machine('2'));
    await seen(LOOK, machine('2', { name: 'renamed' }));
    expect(await billed('48')).toEqual(['10 vm1 48 48 matched']);
  });

  test('half a percent more is the price', async () => {
    await seen(LOOK, machine('2'));
    expect(await billed('48.24')).toEqual(['10 vm1 48.24 48 price']);
  });

  test('disassociation does not change what compute costs while it runs', async () => {
    const end = '2026-10-31T08:00:00Z';
    await seen('2026-10-31T02:00:00Z', machine('2'));
    await seen('2026-10-31T14:00:00Z', machine('2', { status: 'StoppedDisassociated' }));
    expect(await billed('24', { end })).toEqual(['10 vm1 24 24 matched']);
    expect(await billed('24.12', { end })).toEqual(['10 vm1 24.12 24 price']);
  });

  test('a resize somewhere between two looks is uncertain by the time between them', async () => {
    await seen('2026-10-31T08:00:00Z', machine('2'));
    await seen('2026-10-31T09:00:00Z', machine('2', { name: 'renamed' }));
    await seen('2026-10-31T10:00:00Z', machine('3'));
    expect(await billed('58.5')).toEqual(['10 vm1 58.5 58 uncertainty']);
    expect(await billed('59.5')).toEqual(['10 vm1 59.5 58 price']);
  });

  test('time after the machine was gone is a matter of quantity', async () => {
    await seen('2026-10-31T08:00:00Z', machine('2'));
    await seen('2026-10-31T09:00:00Z');
    expect(await billed('48')).toEqual(['10 vm1 48 26 quantity']);
  });

  test('what the provider took back explains a charge below the rate, and no more', async () => {
    await seen(LOOK, machine('2'));
    await reported(pool, LOOK, '2026-10', [running('48')]);
    await reported(pool, '2026-10-31T20:01:00Z', '2026-10', [running('40', { end: LOOK })]);
    expect(await compared('hourly rate')).toEqual(['10 vm1 40 40 matched']);
    await reported(pool, '2026-10-31T20:02:00Z', '2026-10', [running('48.24', { end: LOOK })]);
    expect(await compared('hourly rate')).toEqual(['10 vm1 48.24 48 price']);
  });

  test('what ran between two looks has no second opinion', async () => {
    await seen(LOOK, machine('2'));
    expect(await billed('6', { end: '2026-10-30T23:00:00Z' })).toEqual([]);
  });
});

test('the combined rate is held against the sum of the listed machines', async () => {
  const disassociated = machine('9', { id: 'vm2', status: 'StoppedDisassociated' });
  await seen(LOOK, machine('2'), disassociated);
  await burned(pool, '2026-10-31T20:05:00Z', '2.5');
  expect(await compared('hourly rate')).toEqual(['10 burn rate 2 2.5 unexplained']);
  await burned(pool, '2026-10-31T21:05:00Z', '2.5');
  expect(await compared('hourly rate')).toEqual(['10 burn rate 2 2.5 timing']);
  await seen('2026-10-31T22:00:00Z', machine('2.5'));
  await burned(pool, '2026-10-31T22:05:00Z', '2.500000');
  expect(await compared('hourly rate')).toEqual(['10 burn rate 2.5 2.5 matched']);
});
