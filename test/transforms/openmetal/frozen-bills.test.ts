/**
 * Goal: what leaves in the middle of a term costs what the last bill of the term says, under either
 * reading of the documents: to the term's end, or to where it left. Method: bills landed by the
 * production writer on a real database; hours and amounts worked out by hand beside them.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import {
  type Asset,
  type Bill,
  failing,
  land,
  landBill,
  landClouds,
  settledAt,
  transformAt,
} from './warehouse.ts';

const ACTIVATED = '2026-03-02T14:30:40+00:00';
const TERM_1 = [ACTIVATED, '2026-04-01T14:30:40+00:00'] as const;
const DELETED = '2026-03-12T00:45:00+00:00';
const LATER = '2026-06-01T00:00:00Z';

/** 720 h x 30 ct = 21600 ct a term, 226 h = 6780 ct until 12 March 00:45. */
const SERVER: Asset = {
  id: 1,
  code: 'baremetal_standard',
  cents: 30,
  createdAt: '2026-02-27T13:25:53+00:00',
  node: 'node-1',
};
const GONE: Asset = { ...SERVER, removedAt: DELETED };

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
  await landClouds(pool, '2026-03-02T15:00:00Z', ['A']);
});

const look = (at: string, more: Partial<Bill> = {}): Promise<void> =>
  landBill(pool, 'A', {
    at,
    activatedAt: ACTIVATED,
    term: TERM_1,
    grossCents: 21600,
    assets: [SERVER],
    ...more,
  });

/** The cloud lives until 12 March 00:00 at least, is pending at 01:00 and gone on the 15th. */
async function deleteCloud(last: Partial<Bill> | null, former?: Partial<Bill>): Promise<void> {
  await look('2026-03-02T18:10:00Z');
  if (former !== undefined) await look('2026-03-06T06:10:00Z', former);
  await landClouds(pool, '2026-03-12T00:00:00Z', ['A']);
  await transformAt(pool, '2026-03-12T00:30:00Z');
  await landClouds(pool, '2026-03-12T01:00:00Z', ['A!']);
  await transformAt(pool, '2026-03-12T01:30:00Z');
  if (last !== null) await look('2026-03-12T06:10:00Z', { state: 'canceled', ...last });
  await landClouds(pool, '2026-03-15T01:00:00Z', []);
  await transformAt(pool, '2026-03-15T01:30:00Z');
}

describe('a deleted cloud', () => {
  test.each(['canceled', 'expired'])(
    'costs the total that its last bill froze at its deletion (%s), for sure',
    async (state) => {
      await deleteCloud({ state, grossCents: 6780, assets: [GONE] });
      expect(await settledAt(pool, LATER)).toEqual([['1', '67.8', '0']]);
      expect(await failing(pool)).toEqual([]);
    },
  );

  test('costs its frozen total after its discount', async () => {
    await deleteCloud({ grossCents: 6780, netCents: 6102, assets: [GONE] });
    expect(await settledAt(pool, LATER)).toEqual([
      ['1', '67.8', '0'],
      ['A/discount', '-6.78', '0'],
    ]);
    expect(await failing(pool)).toEqual([]);
  });

  // 100 h of the one are 30 USD; what the log does not say of the other is not owed beyond the total.
  test('costs no more than its frozen total when its log does not say when assets left', async () => {
    const other = { ...SERVER, id: 2, cents: 50, createdAt: ACTIVATED, node: 'node-2' };
    await deleteCloud({ grossCents: 8000, assets: [SERVER, other] });
    expect(await settledAt(pool, LATER)).toEqual([
      ['1', '30', '0'],
      ['2', '50', '0'],
    ]);
  });

  test('costs its whole term when its last bill still says so, for sure', async () => {
    await deleteCloud({ assets: [GONE] });
    expect(await settledAt(pool, LATER)).toEqual([['1', '216', '0']]);
  });

  // 225 h ended by midnight, when it was seen alive: 495 h x 30 ct may not be owed.
  test('may cost what no bill since its deletion confirmed', async () => {
    await deleteCloud(null);
    expect(await settledAt(pool, LATER)).toEqual([['1', '216', '148.5']]);
  });

  describe('from which an asset was removed before', () => {
    const removed: Asset = {
      ...SERVER,
      id: 2,
      cents: 50,
      createdAt: ACTIVATED,
      node: 'node-2',
      removedAt: '2026-03-05T00:45:00+00:00',
    };

    const former = { assets: [SERVER, removed] };

    // 58 h x 50 ct = 2900 ct until the removal, 21600 ct of the one that stayed.
    test('costs its whole term less what the removal ended, when the total says so', async () => {
      const last = { grossCents: 24500, assets: [GONE, removed] };
      await deleteCloud(last, { ...former, grossCents: 24500 });
      expect(await settledAt(pool, LATER)).toEqual([
        ['1', '216', '0'],
        ['2', '29', '0'],
      ]);
    });

    // 20 USD more than that fit no rule: they are spread by the hour, 331 of each (99.30 and 165.50). In
    // doubt are the hours after the deletion (226) and the removal (58), and those up to 720 that are left
    // out: 105 + 389 at 30 ct, 273 + 389 at 50 ct.
    test('is in doubt asset by asset when the total is neither that nor the whole', async () => {
      const last = { grossCents: 26500, assets: [GONE, removed] };
      await deleteCloud(last, { ...former, grossCents: 26500 });
      expect(await settledAt(pool, LATER)).toEqual([
        ['1', '99.3', '148.2'],
        ['2', '165.5', '331'],
      ]);
    });

    // A total read before the deletion says what the removal ended, and nothing of the deletion: 495 h
    // as below. Where the log is absent then, the node was last seen on 6 March after 87 h: 633 h.
    test.each([
      ['listed', '148.5'],
      ['absent', '189.9'],
    ])(
      'may cost less from its deletion on, not for what was removed: bill %s after it',
      async (bill, uncertainty) => {
        await deleteCloud(null, { ...former, grossCents: 24500 });
        if (bill === 'absent') {
          await land(pool, 'openmetal.subscription', '2026-03-15T00:00:00Z', undefined, 'A');
        }
        expect(await settledAt(pool, LATER)).toEqual([
          ['1', '216', uncertainty],
          ['2', '29', '0'],
        ]);
      },
    );

    // Of each 495 h may not be owed.
    test('may cost less from its deletion on, also for what a total charges after its removal', async () => {
      await deleteCloud(null, { ...former, grossCents: 57600 });
      expect(await settledAt(pool, LATER)).toEqual([
        ['1', '216', '148.5'],
        ['2', '360', '247.5'],
      ]);
    });
  });

  test('stays deleted when it is listed on, pending no more', async () => {
    const stats = (at: string, state: string) =>
      land(pool, 'openmetal.stats', at, { cloud_state: state, nodes: [] }, 'A');
    await stats('2026-03-02T15:05:00Z', 'RUNNING');
    await look('2026-03-02T18:10:00Z');
    await stats('2026-03-12T00:05:00Z', 'RUNNING');
    await landClouds(pool, '2026-03-12T01:00:00Z', ['A!']);
    await stats('2026-03-12T01:05:00Z', 'PENDING-DELETE');
    await look('2026-03-12T06:10:00Z', { state: 'canceled', grossCents: 6780, assets: [GONE] });
    await landClouds(pool, '2026-03-15T01:00:00Z', ['A']);
    await stats('2026-03-15T01:05:00Z', 'DELETED');
    await transformAt(pool, '2026-03-15T01:30:00Z');
    expect(await settledAt(pool, LATER)).toEqual([['1', '67.8', '0']]);
  });
});

describe('an asset that is removed in the middle of a term', () => {
  const other: Asset = { ...SERVER, id: 2, cents: 50, createdAt: ACTIVATED, node: 'node-2' };
  const removed: Asset = { ...other, removedAt: '2026-03-12T00:45:00+00:00' };

  // 226 h x 50 ct = 11300 ct; the other one runs on for 21600 ct.
  test('costs nothing from then on when the total says so', async () => {
    await look('2026-03-02T18:10:00Z', { grossCents: 57600, assets: [SERVER, other] });
    await transformAt(pool, '2026-03-12T06:00:00Z');
    await look('2026-03-12T06:10:00Z', { grossCents: 32900, assets: [SERVER, removed] });
    expect(await settledAt(pool, '2026-04-01T14:30:40Z')).toEqual([
      ['1', '216', '0'],
      ['2', '113', '0'],
    ]);
  });

  // 2900 ct until 5 March. The other one left on 12 March at 08:00, no answer says so, after 233 h, and
  // was back at 12:20 for 482 h: 21450 ct.
  test('costs nothing from then on when another one left and came back without a word', async () => {
    const gone = { ...other, removedAt: '2026-03-05T00:45:00+00:00' };
    const back = { ...SERVER, createdAt: '2026-03-12T12:20:00+00:00' };
    await look('2026-03-02T18:10:00Z', { grossCents: 57600, assets: [SERVER, other] });
    await look('2026-03-12T06:10:00Z', { grossCents: 24500, assets: [SERVER, gone] });
    await transformAt(pool, '2026-03-12T06:30:00Z');
    await look('2026-03-12T18:10:00Z', { grossCents: 24350, assets: [back, gone] });
    expect(await settledAt(pool, '2026-04-01T14:30:40Z')).toEqual([
      ['1', '214.5', '0'],
      ['2', '29', '0'],
    ]);
  });

  // The last bill of the term was read before: 494 h x 50 ct may not be owed.
  test('may cost nothing from then on when no bill of the term was read since', async () => {
    await look('2026-03-02T18:10:00Z', { grossCents: 57600, assets: [SERVER, other] });
    await look('2026-04-01T18:10:00Z', {
      term: ['2026-04-01T14:30:40+00:00', '2026-05-01T14:30:40+00:00'],
      assets: [SERVER, removed],
    });
    expect(await settledAt(pool, '2026-04-01T18:30:00Z')).toEqual([
      ['1', '216.9', '0'],
      ['2', '360', '247'],
    ]);
  });
});
