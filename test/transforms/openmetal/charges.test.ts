/**
 * Goal: a closed term adds up to the vendor's own total, whatever happened in it, and what nobody
 * looked at is stepped to or declared uncertain. Method: answers landed by the production writer on
 * a real database; hours and amounts worked out by hand beside them.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import {
  type Asset,
  type Charge,
  chargesAt,
  land,
  landBill,
  landCatalogue,
  landClouds,
  landNodes,
  transformAt,
} from './warehouse.ts';

const ACTIVATED = '2026-03-02T14:30:40+00:00';
const TERM_1 = [ACTIVATED, '2026-04-01T14:30:40+00:00'] as const;
const TERM_2 = ['2026-04-01T14:30:40+00:00', '2026-05-01T14:30:40+00:00'] as const;

/** On trial from 27 February; 720 h x 30 ct = 21600 ct a term. */
const SERVER: Asset = {
  id: 1,
  code: 'baremetal_standard',
  cents: 30,
  createdAt: '2026-02-27T13:25:53+00:00',
  node: 'node-1',
};
/** Added mid-term: 22 d 6 h 30 min before its end are 534 h x 6 ct = 3204 ct, 4320 ct after. */
const BLOCK: Asset = {
  id: 2,
  code: 'ipv4_block_28',
  cents: 6,
  createdAt: '2026-03-10T08:00:00+00:00',
};
/** Removed mid-term, owed until its end: 720 h x 50 ct = 36000 ct. */
const BIG: Asset = {
  id: 3,
  code: 'baremetal_big',
  cents: 50,
  createdAt: ACTIVATED,
  node: 'node-3',
};
const BIG_REMOVED: Asset = { ...BIG, removedAt: '2026-03-20T05:15:00+00:00' };

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

function centsOf(charges: readonly Charge[], isWanted: (charge: Charge) => boolean): number {
  return Number(nanoOf(charges.filter(isWanted))) / 10_000_000;
}

/** Exact sum in 10⁻⁹ USD. */
function nanoOf(charges: readonly Charge[]): bigint {
  return charges.reduce((sum, { cost }) => {
    const [whole = '0', fraction = ''] = cost.replace('-', '').split('.');
    const nano = BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
    return cost.startsWith('-') ? sum - nano : sum + nano;
  }, 0n);
}

/** Whether a charge begins in the term. */
const inTerm =
  ([starts, ends]: readonly [string, string]) =>
  ({ from }: Charge): boolean => {
    const at = Date.parse(`2026-${from.replace(' ', 'T')}Z`);
    return at >= Date.parse(starts) && at < Date.parse(ends);
  };

/** Two terms of cloud A, the first with 10 % discount: 60804 ct gross, 54724 ct net. */
async function landTwoTerms(): Promise<void> {
  const bill = { activatedAt: ACTIVATED, term: TERM_1 };
  await landClouds(pool, '2026-03-01T00:00:00Z', ['A']);
  await landBill(pool, 'A', {
    at: '2026-03-01T00:10:00Z',
    term: null,
    activatedAt: null,
    state: 'future',
    grossCents: 0,
    assets: [SERVER],
  });
  await landBill(pool, 'A', {
    ...bill,
    at: '2026-03-02T18:10:00Z',
    grossCents: 57600,
    netCents: 51840,
    assets: [SERVER, BIG],
  });
  for (const [at, big] of [
    ['2026-03-10T12:10:00Z', BIG],
    ['2026-03-20T06:10:00Z', BIG_REMOVED],
  ] as const) {
    const assets = [SERVER, BLOCK, big];
    await landBill(pool, 'A', { ...bill, at, grossCents: 60804, netCents: 54724, assets });
  }
  await landBill(pool, 'A', {
    at: '2026-04-01T18:10:00Z',
    activatedAt: ACTIVATED,
    term: TERM_2,
    grossCents: 25920,
    assets: [SERVER, BLOCK, BIG_REMOVED],
  });
}

describe('a subscription', () => {
  test('adds up to its net total per closed term, and trial hours are free', async () => {
    await landTwoTerms();
    const charges = await chargesAt(pool, '2026-05-01T15:00:00Z');
    expect(centsOf(charges, inTerm(TERM_1))).toBe(54724);
    expect(centsOf(charges, inTerm(TERM_2))).toBe(25920);
    expect(charges.filter(({ from }) => from < '03-02 14:30:40')).toEqual([]);
    expect(new Set(charges.map(({ key }) => key)).size).toBe(charges.length);
    expect(charges.every(({ uncertainty }) => uncertainty === '0')).toBe(true);
  });

  test('charges the whole hours that ended in each day, also after the removal', async () => {
    await landTwoTerms();
    const charges = await chargesAt(pool, '2026-05-01T15:00:00Z');
    const onDay = (day: string) =>
      charges.filter(({ resource, from }) => resource === '3' && from.startsWith(day));
    expect(onDay('03-02')).toMatchObject([
      {
        from: '03-02 14:30:40',
        until: '03-03 00:00:00',
        hours: '9',
        used: '9',
        meter: 'node-hours',
      },
    ]);
    expect(onDay('03-21')).toMatchObject([
      { hours: '24', used: '0', meter: 'node-hours-after-removal' },
    ]);
    expect(onDay('04-01')).toMatchObject([{ until: '04-01 14:30:40', hours: '15', used: '0' }]);
    expect(onDay('04-02')).toEqual([]);
  });

  // Hours end at 30:40; the fifth of the day is the last one that ended before 05:15.
  test('says that the hours of a removal day after the removal are unused', async () => {
    await landTwoTerms();
    const charges = await chargesAt(pool, '2026-05-01T15:00:00Z');
    const isOfDay = ({ resource, from }: Charge) => resource === '3' && from.startsWith('03-20');
    expect(charges.filter(isOfDay)).toMatchObject([
      {
        from: '03-20 00:00:00',
        until: '03-20 05:15:00',
        hours: '5',
        used: '5',
        meter: 'node-hours',
      },
      {
        from: '03-20 05:15:00',
        until: '03-21 00:00:00',
        hours: '19',
        used: '0',
        meter: 'node-hours-after-removal',
        uncertainty: '0',
      },
    ]);
  });

  test('gives the same rows from any day on', async () => {
    await landTwoTerms();
    const now = '2026-04-03T09:15:00Z';
    const all = await chargesAt(pool, now);
    for (const day of ['2026-03-01', '2026-03-20', '2026-04-01', '2026-04-02', '2026-04-04']) {
      const later = all.filter(({ from }) => `2026-${from.slice(0, 5)}` >= day);
      expect(await chargesAt(pool, now, day)).toEqual(later);
    }
    const open = all.filter(({ settled }) => !settled);
    expect(open.map(({ resource, hours }) => [resource, hours])).toEqual([
      ['1', '9'],
      ['2', '9'],
    ]);
  });

  test('steps over a term that nobody looked at', async () => {
    await landClouds(pool, '2026-03-02T15:00:00Z', ['A']);
    const bill = { activatedAt: ACTIVATED, grossCents: 21600, assets: [SERVER] };
    await landBill(pool, 'A', { ...bill, at: '2026-03-02T15:10:00Z', term: TERM_1 });
    const predicted = await chargesAt(pool, '2026-06-01T00:00:00Z');
    const term = ['2026-05-31T14:30:40+00:00', '2026-06-30T14:30:40+00:00'] as const;
    await landBill(pool, 'A', { ...bill, at: '2026-06-01T00:00:00Z', term });
    const known = await chargesAt(pool, '2026-06-01T00:00:00Z');
    expect(known).toEqual(predicted);
    expect(centsOf(known, () => true)).toBe(3 * 21600 + 9 * 30);
  });
});

// Every cloud comes with blocks of its own; a further one is billed where its record says, wherever
// its addresses are used. From 10 March 08:00 to midnight are 16 h x 6 ct.
test('included IP blocks are free, a further one is billed on its cloud', async () => {
  await landClouds(pool, '2026-03-02T15:00:00Z', ['A', 'B']);
  await land(pool, 'openmetal.prefixes', '2026-03-10T12:05:00Z', [
    { id: 'included', fields: { created_from: 'central', prefix_type: 'routed', cloud_id: 'A' } },
    { id: 'further', fields: { created_from: 'user', prefix_type: 'routed', cloud_id: 'A' } },
  ]);
  const bill = { activatedAt: ACTIVATED, term: TERM_1, grossCents: 0 };
  await landBill(pool, 'A', { ...bill, at: '2026-03-10T12:10:00Z', assets: [BLOCK] });
  await landBill(pool, 'B', { ...bill, at: '2026-03-10T12:10:00Z', assets: [] });
  expect(await chargesAt(pool, '2026-03-11T00:00:00Z')).toMatchObject([
    { resource: '2', from: '03-10 08:00:00', meter: 'ip-block-hours', cost: '0.96' },
  ]);
});

describe('a cloud that vanished', () => {
  test('begins no further term, and says that one may have begun', async () => {
    await landClouds(pool, '2026-03-02T15:00:00Z', ['A']);
    await landBill(pool, 'A', {
      at: '2026-03-02T15:10:00Z',
      activatedAt: ACTIVATED,
      term: TERM_1,
      grossCents: 21600,
      assets: [SERVER],
    });
    await landClouds(pool, '2026-04-01T14:00:00Z', ['A']);
    await landClouds(pool, '2026-04-01T15:00:00Z', []);
    const charges = await chargesAt(pool, '2026-06-01T00:00:00Z');
    expect(centsOf(charges, () => true)).toBe(21600);
    // The hour that ended when it may have been deleted, 30 ct, and a whole term that may have begun.
    const uncertain = charges.filter(({ uncertainty }) => uncertainty !== '0');
    expect(uncertain).toMatchObject([{ until: '04-01 14:30:40', uncertainty: '216.3' }]);
  });
});

describe('a cloud whose subscription is never shown', () => {
  test('is priced from its nodes and the catalogue in force when the day began', async () => {
    await landClouds(pool, '2026-03-01T00:00:00Z', ['B']);
    await landCatalogue(pool, '2026-03-01T00:00:00Z', 1100);
    const assigned = { n1: '2026-02-28T22:30:00.5' };
    await landNodes(pool, '2026-03-01T00:05:00Z', 'B', assigned);
    await landCatalogue(pool, '2026-03-02T01:00:00Z', 1200);
    await landNodes(pool, '2026-03-03T01:05:00Z', 'B', assigned);
    await landNodes(pool, '2026-03-03T04:05:00Z', 'B', {});
    const charges = await chargesAt(pool, '2026-03-05T00:00:00Z');
    expect(charges.map(({ hours, cost, uncertainty }) => [hours, cost, uncertainty])).toEqual([
      ['1', '1.1', '1.1'],
      ['24', '26.4', '26.4'],
      ['24', '26.4', '26.4'],
      ['4', '4.8', '4.8'],
      // It may be owed to the end of a term.
      ['19', '0', '22.8'],
      ['24', '0', '28.8'],
    ]);
    expect(charges.every(({ basis, settled }) => basis === 'derived' && settled)).toBe(true);
  });

  test('goes over to its first bill, as a rebuild would', async () => {
    await landClouds(pool, '2026-03-04T00:00:00Z', ['A']);
    await landCatalogue(pool, '2026-03-04T00:00:00Z', 1100);
    await landNodes(pool, '2026-03-04T00:05:00Z', 'A', { 'node-1': '2026-03-02T14:30:40' });
    await transformAt(pool, '2026-03-04T01:00:00Z');
    await landBill(pool, 'A', {
      at: '2026-03-04T06:10:00Z',
      activatedAt: ACTIVATED,
      term: TERM_1,
      grossCents: 21600,
      assets: [SERVER],
    });
    await transformAt(pool, '2026-03-04T07:00:00Z');
    const { rows } = await pool.query(
      `select resource_id, trim_scale(sum(billed_cost))::text as cost
       from mart.fct_cost_daily group by resource_id having sum(billed_cost) <> 0`,
    );
    expect(rows).toEqual([{ resource_id: '1', cost: '12' }]); // 40 h at 30 ct
    const rebuilt = await transformAt(pool, '2026-03-04T07:00:00Z', true);
    expect(rebuilt).toMatchObject({ chargesPosted: 0, chargesReversed: 0, accrualsWritten: 0 });
  });
});
