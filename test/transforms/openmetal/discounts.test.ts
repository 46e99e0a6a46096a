/**
 * Goal: a term's discount lies on the days that it makes cheaper, exact to the last unit over the
 * term. Method: bills landed by the production writer on a real database; amounts by hand.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import {
  type Asset,
  type Bill,
  type Charge,
  chargesAt,
  failing,
  landBill,
  landClouds,
  settledAt,
} from './warehouse.ts';

const ACTIVATED = '2026-03-02T00:00:00+00:00';
const TERM_1 = [ACTIVATED, '2026-04-01T00:00:00+00:00'] as const;
const END = '2026-04-01T00:00:00Z';

/** 720 h x 30 ct = 216 USD a term, 7.20 a day. */
const SERVER: Asset = { id: 1, code: 'server', cents: 30, createdAt: ACTIVATED, node: 'node-1' };
const BILL: Omit<Bill, 'at'> = {
  activatedAt: ACTIVATED,
  term: TERM_1,
  grossCents: 21600,
  netCents: 19440,
  assets: [SERVER],
};

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await landClouds(pool, '2026-03-02T01:00:00Z', ['A']);
});

const discountsAt = async (now: string): Promise<Charge[]> =>
  (await chargesAt(pool, now)).filter(({ resource }) => resource === 'A/discount');

/** Exact sum in 10⁻⁹ USD. */
function nanoOf(charges: readonly Charge[]): bigint {
  return charges.reduce((sum, { cost }) => {
    const [, sign, whole = '0', fraction = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(cost) ?? [];
    const nano = BigInt(whole + fraction.padEnd(9, '0'));
    return sign === '-' ? sum - nano : sum + nano;
  }, 0n);
}

describe('a discount', () => {
  test('is spread over the term, day by day as its cost runs up', async () => {
    await landBill(pool, 'A', { ...BILL, at: '2026-03-02T01:10:00Z' });
    const days = await discountsAt('2026-03-04T12:00:00Z');
    expect(days.map(({ from, cost, settled }) => [from, cost, settled])).toEqual([
      ['03-02 00:00:00', '-0.72', true],
      ['03-03 00:00:00', '-0.72', true],
      ['03-04 00:00:00', '-0.36', false],
    ]);
    expect(await settledAt(pool, END)).toEqual([
      ['1', '216', '0'],
      ['A/discount', '-21.6', '0'],
    ]);
  });

  // 100 USD off 216 USD is a share of 0.4629...: each day rounds, and the term does not.
  test('of any size is exact to the last unit over the term', async () => {
    await landBill(pool, 'A', { ...BILL, netCents: 11_600, at: '2026-03-02T01:10:00Z' });
    const days = await discountsAt(END);
    expect(days).toHaveLength(30);
    expect(nanoOf(days)).toBe(-100_000_000_000n);
    expect(days[0]).toMatchObject({ cost: '-3.333333333', uncertainty: '0' });
  });

  // 10 % of 216 USD: whether the total of 216 USD is before or after them, no document says.
  test('that is told in percent and not in the total may be one, or none', async () => {
    const discounts = [{ name: 'Startup credit', percent: 10 }];
    await landBill(pool, 'A', { ...BILL, netCents: 21600, discounts, at: '2026-03-31T18:10:00Z' });
    expect(await settledAt(pool, END)).toEqual([
      ['1', '216', '0'],
      ['A/discount', '-21.6', '21.6'],
    ]);
    expect(await failing(pool)).toEqual([]);
  });

  // 10 % of 216.06 USD, rounded down to cents, are 21.60; days have 10 %, the last one the rest.
  test('that is told in percent leaves days as they were when something is added', async () => {
    const discounts = [{ name: 'Startup credit', percent: 10 }];
    await landBill(pool, 'A', { ...BILL, discounts, at: '2026-03-02T01:10:00Z' });
    const before = await discountsAt('2026-03-20T00:00:00Z');
    const added: Asset = {
      id: 2,
      code: 'ip_block_32',
      cents: 6,
      createdAt: '2026-03-31T23:00:00Z',
    };
    await landBill(pool, 'A', {
      ...BILL,
      discounts,
      grossCents: 21606,
      netCents: 19446,
      assets: [SERVER, added],
      at: '2026-03-31T23:10:00Z',
    });
    const days = await discountsAt(END);
    expect(days.slice(0, before.length)).toEqual(before);
    expect(nanoOf(days)).toBe(-21_600_000_000n);
    expect(days.at(-1)).toMatchObject({ from: '03-31 00:00:00', cost: '-0.72' });
  });

  test('lies in the calendar months that it makes cheaper', async () => {
    const term = ['2026-03-17T00:00:00Z', '2026-04-16T00:00:00Z'] as const;
    const late = { ...SERVER, createdAt: term[0] };
    await landBill(pool, 'A', {
      ...BILL,
      term,
      activatedAt: term[0],
      assets: [late],
      at: '2026-03-17T01:10:00Z',
    });
    const days = await discountsAt('2026-04-16T00:00:00Z');
    const inMarch = days.filter(({ from }) => from.startsWith('03'));
    expect([nanoOf(inMarch), nanoOf(days)]).toEqual([-10_800_000_000n, -21_600_000_000n]);
  });

  // What is added after the term's last look is seen with the next bill only: 6 h x 30 ct x 10 %.
  test('may be wrong on the days of the hours that no total covers, and on no other', async () => {
    await landBill(pool, 'A', { ...BILL, at: '2026-03-31T17:10:00Z' });
    const late: Asset = { id: 2, code: 'server', cents: 30, createdAt: '2026-03-31T18:00:00Z' };
    await landBill(pool, 'A', {
      ...BILL,
      term: ['2026-04-01T00:00:00Z', '2026-05-01T00:00:00Z'],
      grossCents: 43200,
      netCents: 38880,
      assets: [SERVER, late],
      at: '2026-04-01T01:10:00Z',
    });
    const days = await discountsAt('2026-04-01T02:00:00Z');
    const doubts = days.map(({ from, uncertainty }) => [from.slice(0, 5), uncertainty]);
    expect(doubts.filter(([, uncertainty]) => uncertainty !== '0')).toEqual([['03-31', '0.18']]);
  });
});
