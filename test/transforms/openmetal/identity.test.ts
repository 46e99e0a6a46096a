/**
 * Goal: things and terms are told apart by exact instants, so that nothing stops a transform and
 * nothing is charged twice or lost. Method: answers landed by the production writer on a real
 * database, transformed bit by bit and in full; hours and amounts worked out by hand beside them.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import {
  type Asset,
  type Bill,
  chargesAt,
  landBill,
  landCatalogue,
  landClouds,
  landNodes,
  settledAt,
  transformAt,
} from './warehouse.ts';

const ACTIVATED = '2026-03-02T14:30:40+00:00';
const TERM_1 = [ACTIVATED, '2026-04-01T14:30:40+00:00'] as const;
const TERM_2 = ['2026-04-01T14:30:40+00:00', '2026-05-01T14:30:40+00:00'] as const;

/** 720 h x 30 ct = 216 USD a term. */
const SERVER: Asset = {
  id: 1,
  code: 'baremetal_standard',
  cents: 30,
  createdAt: ACTIVATED,
  node: 'node-1',
};
const BILL: Omit<Bill, 'at'> = {
  activatedAt: ACTIVATED,
  term: TERM_1,
  grossCents: 21600,
  assets: [SERVER],
};

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

describe('a node without a readable bill, at 1.10 an hour', () => {
  beforeEach(async () => {
    await landClouds(pool, '2026-03-01T00:00:00Z', ['B']);
    await landCatalogue(pool, '2026-03-01T00:00:00Z', 1100);
  });

  // 8 h until the first look that missed it at 08:05, and 13 h from 10:20 to midnight: 23.10.
  test('that is removed and put back within a day is charged for both stays', async () => {
    await landNodes(pool, '2026-03-03T00:05:00Z', 'B', { n1: '2026-03-03T00:00:00' });
    await landNodes(pool, '2026-03-03T07:05:00Z', 'B', { n1: '2026-03-03T00:00:00' });
    await landNodes(pool, '2026-03-03T08:05:00Z', 'B', {});
    await transformAt(pool, '2026-03-03T08:30:00Z');
    await landNodes(pool, '2026-03-03T11:05:00Z', 'B', { n1: '2026-03-03T10:20:00' });
    await landNodes(pool, '2026-03-04T00:05:00Z', 'B', { n1: '2026-03-03T10:20:00' });
    expect((await settledAt(pool, '2026-03-04T00:00:00Z')).map(([id, cost]) => [id, cost])).toEqual(
      [['n1', '23.1']],
    );
  });

  // It left unseen between 07:05 and 10:20: 10 h and 13 h.
  test('that is put back between two looks is not charged twice for an hour', async () => {
    await landNodes(pool, '2026-03-03T00:05:00Z', 'B', { n1: '2026-03-03T00:00:00' });
    await landNodes(pool, '2026-03-03T07:05:00Z', 'B', { n1: '2026-03-03T00:00:00' });
    await landNodes(pool, '2026-03-03T11:05:00Z', 'B', { n1: '2026-03-03T10:20:00' });
    expect((await settledAt(pool, '2026-03-04T00:00:00Z')).map(([id, cost]) => [id, cost])).toEqual(
      [['n1', '25.3']],
    );
  });

  // From 00:20 to midnight are 23 h.
  test.each(['2026-03-03T00:20:00', '2026-03-02T23:40:00'])(
    'whose assignment is restated to %s has one stay',
    async (restated) => {
      await landNodes(pool, '2026-03-03T01:05:00Z', 'B', { n1: '2026-03-03T00:00:00' });
      await landNodes(pool, '2026-03-03T05:05:00Z', 'B', { n1: '2026-03-03T00:00:00' });
      await transformAt(pool, '2026-03-03T05:30:00Z');
      await landNodes(pool, '2026-03-03T06:05:00Z', 'B', { n1: restated });
      const cost = restated.includes('00:20') ? '25.3' : '26.4';
      expect(
        (await settledAt(pool, '2026-03-04T00:00:00Z')).map(([id, amount]) => [id, amount]),
      ).toEqual([['n1', cost]]);
    },
  );
});

describe('a subscription', () => {
  beforeEach(() => landClouds(pool, '2026-03-02T07:00:00Z', ['A', 'B']));

  test('whose first term begins hours after its activation costs its terms', async () => {
    const bill = {
      ...BILL,
      activatedAt: '2026-03-02T07:15:00+00:00',
      assets: [{ ...SERVER, createdAt: '2026-03-02T07:00:00+00:00' }],
    };
    await landBill(pool, 'A', { ...bill, at: '2026-03-02T15:10:00Z' });
    await transformAt(pool, '2026-03-04T00:00:00Z');
    await landBill(pool, 'A', { ...bill, term: TERM_2, at: '2026-04-01T15:10:00Z' });
    expect(await settledAt(pool, '2026-04-01T14:30:40Z')).toEqual([['1', '216', '0']]);
  });

  test('that follows another one on one UTC day has a term of its own', async () => {
    const first = { ...BILL, activatedAt: '2026-03-02T07:30:40Z', state: 'canceled' };
    const early = { ...SERVER, createdAt: '2026-03-02T07:00:00Z' };
    await landBill(pool, 'A', {
      ...first,
      at: '2026-03-02T08:10:00Z',
      term: ['2026-03-02T07:30:40Z', '2026-04-01T07:30:40Z'],
      subscription: 'first',
      assets: [early],
    });
    await transformAt(pool, '2026-03-02T09:00:00Z');
    await landBill(pool, 'A', {
      ...BILL,
      at: '2026-03-02T18:10:00Z',
      subscription: 'second',
      assets: [early],
    });
    expect((await settledAt(pool, '2026-04-01T14:30:40Z')).map(([id, cost]) => [id, cost])).toEqual(
      [['1', '218.1']],
    );
  });

  test('whose term start is restated by minutes has one term, under the keys that it had', async () => {
    await landBill(pool, 'A', { ...BILL, at: '2026-03-02T15:10:00Z' });
    const before = await chargesAt(pool, '2026-03-05T00:00:00Z');
    const term = ['2026-03-02T14:10:40+00:00', '2026-04-01T14:10:40+00:00'] as const;
    await landBill(pool, 'A', { ...BILL, term, at: '2026-03-04T15:10:00Z' });
    const after = await chargesAt(pool, '2026-03-05T00:00:00Z');
    expect(after.map(({ key }) => key)).toEqual(before.map(({ key }) => key));
    // It was activated at 14:30:40: 719 whole hours until 14:10:40.
    expect((await settledAt(pool, '2026-04-01T14:10:40Z')).map(([id, cost]) => [id, cost])).toEqual(
      [['1', '215.7']],
    );
  });
});

describe('an asset', () => {
  beforeEach(() => landClouds(pool, '2026-03-02T07:00:00Z', ['A', 'B']));

  // In A until 12 March 06:10, owed there to the end of the term: 216. In B from 12 March 06:10 at
  // the latest, whose term ends with A's: 488 h x 30 ct.
  test('that moves to another cloud keeps its past cost', async () => {
    const empty = { ...BILL, grossCents: 0, assets: [] };
    await landBill(pool, 'A', { ...BILL, at: '2026-03-02T15:10:00Z' });
    await landBill(pool, 'B', { ...empty, at: '2026-03-02T15:10:00Z' });
    await landBill(pool, 'A', { ...BILL, at: '2026-03-12T06:10:00Z' });
    await transformAt(pool, '2026-03-12T07:00:00Z');
    const moved = { ...SERVER, createdAt: '2026-03-12T06:10:00+00:00' };
    await landBill(pool, 'A', { ...BILL, assets: [], at: '2026-03-12T12:10:00Z' });
    await landBill(pool, 'B', {
      ...BILL,
      grossCents: 14640,
      assets: [moved],
      at: '2026-03-12T12:11:00Z',
    });
    expect(await settledAt(pool, '2026-04-01T14:30:40Z')).toEqual([['1', '362.4', '0']]);
    const charges = await chargesAt(pool, '2026-04-01T14:30:40Z');
    expect(new Set(charges.map(({ key }) => key)).size).toBe(charges.length);
    const used = charges.reduce((sum, charge) => sum + Number(charge.used), 0);
    expect(used).toBe(231 + 488);
  });

  // 216 of the first life, which the total covers, and 482 h from 12 March 12:20 on.
  test('that is put back under its id has two lives, of which the total says what they cost', async () => {
    const back = { ...SERVER, createdAt: '2026-03-12T12:20:00+00:00' };
    await landBill(pool, 'A', { ...BILL, at: '2026-03-02T15:10:00Z' });
    await landBill(pool, 'A', { ...BILL, at: '2026-03-12T06:10:00Z' });
    await transformAt(pool, '2026-03-12T07:00:00Z');
    await landBill(pool, 'A', {
      ...BILL,
      grossCents: 21600 + 14460,
      assets: [back],
      at: '2026-03-12T18:10:00Z',
    });
    expect((await settledAt(pool, '2026-04-01T14:30:40Z')).map(([id, cost]) => [id, cost])).toEqual(
      [['1', '360.6']],
    );
  });

  // As above; the look between seemed to show the former creation, as when the record is set aside.
  test('that is put back, and whose record is not read at first, has two lives', async () => {
    const back = { ...SERVER, createdAt: '2026-03-12T12:20:00+00:00' };
    await landBill(pool, 'A', { ...BILL, at: '2026-03-02T15:10:00Z' });
    await landBill(pool, 'A', { ...BILL, grossCents: 36060, at: '2026-03-12T18:10:00Z' });
    await transformAt(pool, '2026-03-12T19:00:00Z');
    await landBill(pool, 'A', {
      ...BILL,
      grossCents: 36060,
      assets: [back],
      at: '2026-03-13T18:10:00Z',
    });
    expect(await settledAt(pool, '2026-04-01T14:30:40Z')).toEqual([['1', '360.6', '0']]);
  });
  // 231 h x 30 ct until it was last seen, which the total covers with 482 h x 40 ct, and no more.
  test('that is put back at another rate has cost its own rate before', async () => {
    const back = { ...SERVER, cents: 40, createdAt: '2026-03-12T12:20:00+00:00' };
    await landBill(pool, 'A', { ...BILL, at: '2026-03-02T15:10:00Z' });
    await landBill(pool, 'A', { ...BILL, at: '2026-03-12T06:10:00Z' });
    await transformAt(pool, '2026-03-12T07:00:00Z');
    await landBill(pool, 'A', {
      ...BILL,
      grossCents: 231 * 30 + 482 * 40,
      assets: [back],
      at: '2026-03-12T18:10:00Z',
    });
    expect(await settledAt(pool, '2026-04-01T14:30:40Z')).toEqual([['1', '262.1', '0']]);
  });
});
