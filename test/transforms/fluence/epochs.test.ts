/**
 * Goal: every epoch begun is charged whole, at what the machine's counter grew by, and what cannot
 * be seen says so. Method: lists land through the production writer; figures are by hand.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { type Charge, changedFrom, chargesAt, type Look, listed } from './warehouse.ts';

const CREATED = '2026-10-01T17:45:00Z';
const LATER = '2026-10-20T00:00:00Z';

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

const brief = ({ from, until, cost }: Charge): string[] => [from, until, cost];

/** The boundary at 17:55 on a day of October. */
const boundary = (day: number): string => `2026-10-${String(day).padStart(2, '0')}T17:55:00Z`;

const look = (boundaryDay: number, spent: string, more: Partial<Look> = {}): Look => ({
  created: CREATED,
  next: boundary(boundaryDay),
  spent,
  ...more,
});

// Created 17:45, billed at 17:55: the first epoch lasts ten minutes and costs a day all the same.
test('the first epoch ends at the first boundary and is charged in full', async () => {
  await listed(pool, '2026-10-01T17:50:00Z', look(1, '298160', { gpus: 2 }));
  expect(await chargesAt(pool, '2026-10-01T17:50:00Z')).toEqual([
    {
      key: 'fluence/a1/1790876700000000',
      from: '10-01 17:45:00',
      until: '10-01 17:55:00',
      hours: '0.166666667',
      gpuHours: '0.333333333',
      cost: '0.29816',
      category: 'Usage',
      basis: 'billed',
      uncertainty: '0',
      priceSource: 'backfilled',
    },
  ]);
  await listed(pool, '2026-10-01T18:10:00Z', look(2, '596320'));
  await listed(pool, '2026-10-02T18:10:00Z', look(3, '894480'));
  expect((await chargesAt(pool, LATER)).map(brief)).toEqual([
    ['10-01 17:45:00', '10-01 17:55:00', '0.29816'],
    ['10-01 17:55:00', '10-02 17:55:00', '0.29816'],
    ['10-02 17:55:00', '10-03 17:55:00', '0.29816'],
  ]);
});

// The seed's example: 16 epochs begun, and 17.846 is not 16 times 0.29816: 1.115375 each.
test('a counter older than the first look is shared by the epochs begun until then', async () => {
  const seed = {
    created: '2025-04-01T16:50:57Z',
    next: '2025-04-16T17:59:55Z',
    spent: '17846000',
  };
  await listed(pool, '2025-04-16T10:00:00Z', seed);
  const charges = await chargesAt(pool, LATER);
  expect(charges.length).toBe(16);
  expect(new Set(charges.map(({ cost }) => cost))).toEqual(new Set(['1.115375']));
  expect(charges.slice(0, 2).map(brief)).toEqual([
    ['04-01 16:50:57', '04-01 17:59:55', '1.115375'],
    ['04-01 17:59:55', '04-02 17:59:55', '1.115375'],
  ]);
});

describe('epochs that passed between two looks', () => {
  const days = ['10-01 17:45:00', '10-01 17:55:00', '10-02 17:55:00', '10-03 17:55:00'];

  test.each([
    ['at one price', '894480', 298_160, ['0.29816', '0.29816', '0.29816']],
    ['at a price that changed once', '898160', 300_000, ['0.29816', '0.3', '0.3']],
  ])('are charged %s', async (_, growth, price, costs) => {
    await listed(pool, '2026-10-01T17:50:00Z', look(1, '298160'));
    const spent = String(298_160 + Number.parseInt(growth, 10));
    await listed(pool, '2026-10-03T20:10:00Z', look(4, spent, { price }));
    const charges = await chargesAt(pool, LATER);
    expect(charges.map(({ from }) => from)).toEqual(days);
    expect(charges.map(({ cost }) => cost)).toEqual(['0.29816', ...costs]);
    expect(await changedFrom(pool)).toEqual(['10-01 17:45:00']);
  });
});

describe('epochs that no run of the two prices shown adds up to', () => {
  // 0.2, 0.2 and 0.4 are the prices nearest to the three boundaries; 0.9 is 1.125 times their sum. Had
  // two cost 0.2, the third would have cost 0.5; had two cost 0.4, it would have cost 0.1.
  test('of a gap are charged by the price shown nearest, up to what one may have cost', async () => {
    await listed(pool, '2026-10-01T17:50:00Z', look(1, '200000', { price: 200_000 }));
    await listed(pool, '2026-10-03T20:10:00Z', look(4, '1100000', { price: 400_000 }));
    expect((await chargesAt(pool, LATER)).slice(1)).toMatchObject([
      { from: '10-01 17:55:00', cost: '0.225', uncertainty: '0.275' },
      { from: '10-02 17:55:00', cost: '0.225', uncertainty: '0.275' },
      { from: '10-03 17:55:00', cost: '0.45', uncertainty: '0.35' },
    ]);
  });

  // Two at 0.2 and one at 0.4, in an order that nobody saw: 0.2, 0.2, 0.4 or 0.2, 0.4, 0.2, say.
  test('of a gap in which the price changed once can each have cost the other price', async () => {
    await listed(pool, '2026-10-01T17:50:00Z', look(1, '200000', { price: 200_000 }));
    await listed(pool, '2026-10-03T20:10:00Z', look(4, '1000000', { price: 400_000 }));
    expect((await chargesAt(pool, LATER)).slice(1)).toMatchObject([
      { from: '10-01 17:55:00', cost: '0.2', uncertainty: '0.2' },
      { from: '10-02 17:55:00', cost: '0.2', uncertainty: '0.2' },
      { from: '10-03 17:55:00', cost: '0.4', uncertainty: '0.2' },
    ]);
  });

  // Three epochs cost 0.5, the running one 0.2: one of the others may have cost 0.1, or all 0.1666.
  test('before the first look share it, up to what the price shown leaves open', async () => {
    await listed(pool, '2026-10-02T18:10:00Z', look(3, '500000', { price: 200_000 }));
    const charges = await chargesAt(pool, LATER);
    expect(charges).toMatchObject([
      { cost: '0.166666', uncertainty: '0.066666' },
      { cost: '0.166667', uncertainty: '0.066667' },
      { cost: '0.166667', uncertainty: '0.066667' },
    ]);
  });
});

// 3 epochs of 0.29816 each; what is told of the first boundary differs by less than three seconds.
test.each([
  ['to the second', '2026-10-01T10:00:00Z', '10:00:00Z'],
  ['0.5 s apart', '2026-10-01T10:00:00.123456789Z', '10:00:00.654321Z'],
  ['2.4 s apart', '2026-10-01T10:00:00.123456789Z', '10:00:02.5Z'],
  ['with a boundary cut to the second', '2026-10-01T10:00:00.7Z', '10:00:00Z'],
])('creation and boundary %s: three epochs of 0.29816', async (_, created, time) => {
  for (const day of [1, 2, 3]) {
    const next = `2026-10-0${day + 1}T${time}`;
    await listed(
      pool,
      `2026-10-0${day}T12:00:00Z`,
      look(day, `${298_160 * day}`, { created, next }),
    );
  }
  const charges = await chargesAt(pool, LATER);
  expect(charges.map(({ cost, uncertainty }) => [cost, uncertainty])).toEqual(
    Array(3).fill(['0.29816', '0']),
  );
});

// Charged at creation and again half a second later: both are owed, 0.59632 by the first look.
test('two epochs that begin within one second are two charges', async () => {
  const created = '2026-10-01T10:00:00.123456Z';
  const next = '2026-10-02T10:00:00.654321Z';
  await listed(pool, '2026-10-01T12:00:00Z', look(1, '596320', { created, next }));
  expect((await chargesAt(pool, LATER)).map(({ cost }) => cost)).toEqual(['0.29816', '0.29816']);
});

describe('a machine that vanished', () => {
  test('before a boundary owes nothing more', async () => {
    await listed(pool, '2026-10-01T18:10:00Z', look(2, '596320'));
    await listed(pool, '2026-10-02T17:50:00Z');
    expect((await chargesAt(pool, LATER)).map(({ basis }) => basis)).toEqual(['billed', 'billed']);
  });

  // Missed first at 18:10 on the 4th: the boundaries of the 2nd, 3rd and 4th may have been crossed.
  // Each is in doubt by the price of an epoch, in its own month if need be; the last ones cost nothing.
  test.each([
    ['2026-10-02T18:10:00Z', []],
    ['2026-10-04T18:10:00Z', ['10-03 17:55:00', '10-04 17:55:00']],
  ])('after a boundary, missed at %s, owes one estimated epoch', async (missedAt, doubted) => {
    await listed(pool, '2026-10-01T18:10:00Z', look(2, '596320'));
    await changedFrom(pool);
    await listed(pool, missedAt);
    const [estimate, ...others] = (await chargesAt(pool, LATER)).slice(2);
    expect(others.map(({ from, cost, uncertainty }) => [from, cost, uncertainty])).toEqual(
      doubted.map((from) => [from, '0', '0.29816']),
    );
    expect(estimate).toEqual({
      key: 'fluence/a1/1790963700000000',
      from: '10-02 17:55:00',
      until: '10-03 17:55:00',
      hours: '24',
      gpuHours: '0',
      cost: '0.29816',
      category: 'Usage',
      basis: 'derived',
      uncertainty: '0.29816',
      priceSource: 'estimated',
    });
    expect(await changedFrom(pool)).toEqual(['10-01 18:10:00']);
  });

  test('and came back owes what its counter says, under the same key', async () => {
    await listed(pool, '2026-10-01T18:10:00Z', look(2, '596320'));
    await listed(pool, '2026-10-03T18:10:00Z');
    const estimated = (await chargesAt(pool, '2026-10-03T18:10:00Z')).at(2);
    await changedFrom(pool);
    await listed(pool, '2026-10-03T19:10:00Z', look(4, '1192640'));
    expect(await changedFrom(pool)).toEqual(['10-02 17:55:00']);
    const charges = (await chargesAt(pool, LATER)).slice(2);
    expect(charges.map(({ key, basis }) => [key, basis])).toEqual([
      [estimated?.key, 'billed'],
      ['fluence/a1/1791050100000000', 'billed'],
    ]);
  });
});

test('an answer from a copy that lags charges nothing twice and is reported', async () => {
  await listed(pool, '2026-10-01T18:10:00Z', look(2, '596320'));
  await listed(pool, '2026-10-02T18:10:00Z', look(3, '894480'));
  await listed(pool, '2026-10-02T19:10:00Z', look(2, '596320'));
  await listed(pool, '2026-10-02T20:10:00Z', look(3, '894480'));
  const charges = await chargesAt(pool, LATER);
  expect(charges.map(({ cost }) => cost)).toEqual(['0.29816', '0.29816', '0.29816']);
  const { rows } = await pool.query(
    'select total_spent from intermediate.int_fluence__counter_fall',
  );
  expect(rows).toEqual([{ total_spent: '0.596320' }]);
});

// Two boundaries, those of the 2nd and the 3rd, passed between the looks around the fall. The price
// went from 0.3 to 0.2: each epoch cost one of the two, or nothing.
test('epochs begun while the counter started again are estimated at the price shown', async () => {
  await listed(pool, '2026-10-01T18:10:00Z', look(2, '600000', { price: 300_000 }));
  await listed(pool, '2026-10-03T20:10:00Z', look(4, '60000', { price: 200_000 }));
  expect(await changedFrom(pool)).toEqual(['10-01 17:45:00']);
  await listed(pool, '2026-10-04T18:10:00Z', look(5, '260000', { price: 200_000 }));
  expect((await chargesAt(pool, LATER)).slice(2)).toMatchObject([
    { from: '10-02 17:55:00', cost: '0.2', basis: 'derived', uncertainty: '0.3' },
    { from: '10-03 17:55:00', cost: '0.2', priceSource: 'estimated', uncertainty: '0.3' },
    { from: '10-04 17:55:00', cost: '0.2', basis: 'billed', uncertainty: '0' },
  ]);
  expect(await chargesAt(pool, '2026-10-02T18:10:00Z')).toHaveLength(2);
});

// Three boundaries at 0.3 would be 0.9; from 0.6 the counter may have started again at any of them.
test('growth by less than the epochs cost says how much they can have cost', async () => {
  await listed(pool, '2026-10-01T18:10:00Z', look(2, '600000', { price: 300_000 }));
  await listed(pool, '2026-10-04T18:10:00Z', look(5, '960000', { price: 300_000 }));
  expect((await chargesAt(pool, LATER)).slice(2)).toMatchObject([
    { from: '10-02 17:55:00', cost: '0.12', basis: 'billed', uncertainty: '0.18' },
    { from: '10-03 17:55:00', cost: '0.12', uncertainty: '0.18' },
    { from: '10-04 17:55:00', cost: '0.12', uncertainty: '0.18' },
  ]);
});

test('growth without a boundary is an adjustment at the look that showed it', async () => {
  await listed(pool, '2026-10-01T18:10:00Z', look(2, '596320'));
  await listed(pool, '2026-10-01T19:10:00Z', look(2, '596327'));
  expect((await chargesAt(pool, LATER)).at(-1)).toMatchObject({
    key: expect.stringMatching(/^fluence\/a1\/adjustment\/\d+$/),
    from: '10-01 19:10:00',
    until: '10-02 17:55:00',
    hours: '0',
    cost: '0.000007',
    category: 'Adjustment',
  });
});

test('a machine first seen before it was charged is charged from its creation', async () => {
  await listed(pool, '2026-10-01T17:46:00Z', look(1, '0'));
  expect(await chargesAt(pool, LATER)).toEqual([]);
  await changedFrom(pool);
  await listed(pool, '2026-10-01T18:10:00Z', look(2, '596320'));
  expect(await changedFrom(pool)).toEqual(['10-01 17:45:00']);
  expect((await chargesAt(pool, LATER)).map(brief)).toEqual([
    ['10-01 17:45:00', '10-01 17:55:00', '0.29816'],
    ['10-01 17:55:00', '10-02 17:55:00', '0.29816'],
  ]);
});

// Looks every day, then a gap of four days: from any day on, the query gives the rest of the whole. Ten
// epochs were seen; those of the 10th (estimated), 11th and 12th (in doubt) may have begun.
test('from any day on the charges are the tail of all', async () => {
  for (const day of [1, 2, 3, 7, 8, 9]) {
    const at = `2026-10-0${day}T18:10:00Z`;
    await listed(pool, at, look(day + 1, String(298_160 * (day + 1))));
  }
  await listed(pool, '2026-10-12T18:10:00Z');
  const whole = await chargesAt(pool, LATER);
  expect(whole.length).toBe(13);
  for (let day = 1; day <= 13; day += 1) {
    const date = `2026-10-${String(day).padStart(2, '0')}`;
    const tail = whole.filter(({ from }) => `2026-${from.slice(0, 5)}` >= date);
    expect(await chargesAt(pool, LATER, date)).toEqual(tail);
  }
});
