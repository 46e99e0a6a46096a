/**
 * Goal: the ledger is held against each machine's counter, and the counter against epochs at the
 * price shown; an honest network passes, 0.5 % too much is found by the machine's name. Method: lists
 * land through the production writer and are transformed; figures are by hand.
 */
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../support/postgres.ts';
import { failing, type Look, listed, reconciled, transformAt } from './warehouse.ts';

const CREATED = '2026-10-28T17:55:00Z';
const LATER = '2026-11-20T00:00:00Z';
const DAY_MS = 86_400_000;

let pool: pg.Pool;

beforeEach(async () => {
  pool = (await testDatabase()).pool;
});

/** The look at 18:10 of the n-th day (from 1), a quarter of an hour into its epoch. */
const lookAt = (day: number): string =>
  new Date(Date.parse('2026-10-27T18:10:00Z') + day * DAY_MS).toISOString();

const seen = (day: number, spent: number, more: Partial<Look> = {}): Look => ({
  created: CREATED,
  next: new Date(Date.parse('2026-10-28T17:55:00Z') + day * DAY_MS)
    .toISOString()
    .replace('.000Z', 'Z'),
  spent: String(spent),
  ...more,
});

/** Looks on days 1 to 8 (28 October to 4 November), the price and what each epoch really cost. */
async function eightDays(priceOf: (day: number) => number, costOf = priceOf): Promise<void> {
  let spent = 0;
  for (let day = 1; day <= 8; day += 1) {
    spent += costOf(day);
    await listed(pool, lookAt(day), seen(day, spent, { price: priceOf(day) }));
  }
  await transformAt(pool, LATER);
}

const matched = { class: 'matched', proof: true };

test('an honest machine is met per month, by counter and by price', async () => {
  await eightDays(() => 298_160);
  expect(await reconciled(pool)).toEqual([
    {
      ...matched,
      month: '2026-10',
      source: 'counter',
      line: 'a1',
      ours: '1.19264',
      theirs: '1.19264',
    },
    {
      ...matched,
      month: '2026-10',
      source: 'price per epoch',
      line: 'a1',
      ours: '0.89448',
      theirs: '0.89448',
    },
    {
      ...matched,
      month: '2026-10',
      source: 'price per epoch',
      line: 'a1 before the first look',
      ours: '0.29816',
      theirs: '0.29816',
      proof: false,
    },
    {
      ...matched,
      month: '2026-11',
      source: 'counter',
      line: 'a1',
      ours: '1.19264',
      theirs: '1.19264',
    },
    {
      ...matched,
      month: '2026-11',
      source: 'price per epoch',
      line: 'a1',
      ours: '1.19264',
      theirs: '1.19264',
    },
  ]);
});

test('a gap between looks over the end of a month fails no month', async () => {
  await listed(pool, lookAt(1), seen(1, 300_000, { price: 300_000 }));
  await listed(pool, lookAt(7), seen(7, 2_100_000, { price: 300_000 }));
  await transformAt(pool, LATER);
  expect(await failing(pool)).toEqual([]);
  expect((await reconciled(pool)).filter(({ month }) => month === '2026-11')).toMatchObject([
    { source: 'counter', ours: '1.8', theirs: '1.8' },
    { source: 'price per epoch', ours: '1.8', theirs: '1.8' },
  ]);
});

describe('0.5 % too much', () => {
  test('is a matter of price, and names the machine', async () => {
    await eightDays(
      () => 400_000,
      () => 402_000,
    );
    expect(await failing(pool)).toEqual([
      {
        month: '2026-10',
        source: 'price per epoch',
        line: 'a1',
        ours: '1.206',
        theirs: '1.2',
        class: 'price',
        proof: true,
      },
      {
        month: '2026-11',
        source: 'price per epoch',
        line: 'a1',
        ours: '1.608',
        theirs: '1.6',
        class: 'price',
        proof: true,
      },
    ]);
  });

  test('is found beside a change of price by a quarter', async () => {
    await eightDays(
      (day) => (day < 6 ? 400_000 : 500_000),
      (day) => (day < 6 ? 402_000 : 502_500),
    );
    expect((await failing(pool)).map(({ month, line }) => [month, line])).toEqual([
      ['2026-10', 'a1'],
      ['2026-11', 'a1'],
    ]);
  });
});

// The price is another from the look of day 6 on: its epoch began at either of the two.
test.each([
  ['before', 500_000, 'matched'],
  ['after', 400_000, 'uncertainty'],
])('a price that changed %s the boundary fails nothing', async (_, cost, expected) => {
  await eightDays(
    (day) => (day < 6 ? 400_000 : 500_000),
    (day) => (day < 6 ? 400_000 : day === 6 ? cost : 500_000),
  );
  expect(await failing(pool)).toEqual([]);
  expect((await reconciled(pool)).find(({ line }) => line === 'a1 at a new price')).toMatchObject({
    theirs: '0.5',
    class: expected,
  });
});

describe('a counter that falls', () => {
  // From 0.9 between two boundaries: the three epochs after the fall cost 0.3 each all the same.
  test.each([
    [90, '0.09'],
    [0, '0'],
  ])(
    'to %i for good is unexplained, once; what grows from there is charged',
    async (low, theirs) => {
      for (const [day, spent] of [300, 600, 900].entries()) {
        await listed(pool, lookAt(day + 1), seen(day + 1, spent * 1000, { price: 300_000 }));
      }
      await listed(pool, '2026-10-30T21:10:00Z', seen(3, low * 1000, { price: 300_000 }));
      for (const day of [4, 5, 6]) {
        const spent = (low + 300 * (day - 3)) * 1000;
        await listed(pool, lookAt(day), seen(day, spent, { price: 300_000 }));
      }
      await transformAt(pool, LATER);
      expect(await failing(pool)).toMatchObject([
        { line: 'a1 at 2026-10-30T21:10:00Z', ours: '0.9', theirs, class: 'unexplained' },
      ]);
      const { rows } = await pool.query(
        `select trim_scale(sum(billed_cost)) as cost, min(billed_cost) > 0 as is_positive
       from ledger.charge`,
      );
      expect(rows).toEqual([{ cost: '1.8', is_positive: true }]);
    },
  );

  // Of four epochs the third was begun while the counter started again: 0.3, as an estimate.
  test('over a boundary hides an epoch, which is estimated and stands alone', async () => {
    for (const [day, spent] of [300, 600, 150, 450].entries()) {
      await listed(pool, lookAt(day + 1), seen(day + 1, spent * 1000, { price: 300_000 }));
    }
    await transformAt(pool, LATER);
    expect(await failing(pool)).toMatchObject([
      { line: 'a1 at 2026-10-30T18:10:00Z', ours: '0.6', theirs: '0.15', class: 'unexplained' },
    ]);
    expect((await reconciled(pool)).filter(({ line }) => !line.includes(' at '))).toMatchObject([
      { source: 'counter', line: 'a1', ours: '0.9', theirs: '0.9', class: 'matched' },
      { source: 'counter', line: 'a1 restart', ours: '0.3', theirs: null, class: 'uncertainty' },
      { source: 'price per epoch', line: 'a1', ours: '0.6', theirs: '0.6', class: 'matched' },
      { line: 'a1 before the first look', ours: '0.3', theirs: '0.3', class: 'matched' },
    ]);
  });

  test('in an answer that lags is shown, and fails nothing once it is back', async () => {
    await listed(pool, lookAt(1), seen(1, 300_000, { price: 300_000 }));
    await listed(pool, lookAt(2), seen(2, 600_000, { price: 300_000 }));
    await listed(pool, '2026-10-29T19:10:00Z', seen(1, 300_000, { price: 300_000 }));
    await transformAt(pool, '2026-10-29T19:30:00Z');
    expect(await failing(pool)).toMatchObject([{ line: 'a1 at 2026-10-29T19:10:00Z' }]);
    await listed(pool, '2026-10-29T20:10:00Z', seen(2, 600_000, { price: 300_000 }));
    await transformAt(pool, LATER);
    expect(await failing(pool)).toEqual([]);
    expect((await reconciled(pool)).filter((row) => row.class === 'unexplained')).toMatchObject([
      { line: 'a1 at 2026-10-29T19:10:00Z', ours: '0.6', theirs: '0.3', proof: false },
    ]);
  });
});

test('the estimate of a last epoch stands alone, within its declared uncertainty', async () => {
  await listed(pool, lookAt(1), seen(1, 298_160));
  await listed(pool, lookAt(2));
  await transformAt(pool, LATER);
  expect(await failing(pool)).toEqual([]);
  expect((await reconciled(pool)).find(({ line }) => line === 'a1 last epoch')).toMatchObject({
    ours: '0.29816',
    theirs: null,
    class: 'uncertainty',
  });
});

test('a look that the ledger has not seen is not compared yet', async () => {
  await listed(pool, lookAt(1), seen(1, 298_160));
  await transformAt(pool, lookAt(1));
  await listed(pool, lookAt(2), seen(2, 596_320));
  expect((await reconciled(pool)).map(({ class: found, theirs }) => [found, theirs])).toEqual([
    ['matched', '0.29816'],
    ['matched', '0.29816'],
  ]);
});

test('USDC stays USDC beside the reporting currency at the rate of the day', async () => {
  await eightDays(() => 1_000_000);
  const { rows } = await pool.query(
    `select billing_currency, trim_scale(sum(billed_cost)) as billed,
       trim_scale(sum(reporting_cost)) as reporting
     from ledger.charge group by billing_currency`,
  );
  // Epochs of five days at 0.8 EUR (28 October to 1 November), of three at 0.9.
  expect(rows).toEqual([{ billing_currency: 'USDC', billed: '8', reporting: '6.7' }]);
  const again = await transformAt(pool, LATER, true);
  expect(again).toMatchObject({ chargesPosted: 0, chargesReversed: 0 });
});
