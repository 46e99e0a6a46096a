/** Goal: each world fault is really shown by the API, and the invoice stays right. */
import { describe, expect, test } from 'vitest';
import { nano } from '../../../simulator/decimal.ts';
import type { InvoiceLine, WorldFault } from '../../../simulator/provider.ts';
import {
  DAY_MS,
  END_MS,
  HOUR_MS,
  isCharge,
  type Report,
  START_MS,
  sum,
  TestWorld,
  type TransactionRow,
} from './world.ts';

const SMALL = { seed: 'fault', scale: 0.5 };

function faulty(...names: WorldFault[]): TestWorld {
  return new TestWorld({ ...SMALL, worldFaults: new Set(names) });
}

function honestAt(ms: number): TestWorld {
  return new TestWorld(SMALL).at(ms);
}

function ofMonth(lines: readonly InvoiceLine[], month: string) {
  return sum(lines.filter((line) => line.month === month).map((line) => line.amount));
}

/** Cost by the API: the opposite of all charges and corrections, each id once. */
function costOf(report: Report) {
  const byId = new Map(report.transactions.map((row) => [row.id, row]));
  const rows = [...byId.values()].filter((row) => row.details.type !== 'stripe_deposit');
  return -sum(rows.map((row) => row.period_amount));
}

test('late transactions appear hours to days after what they charge for', () => {
  const world = faulty('late-transactions');
  const honest = new TestWorld(SMALL);
  const lagHours: number[] = [];
  const seen = new Set<string>();
  for (let ms = START_MS + DAY_MS; ms < END_MS; ms += DAY_MS) {
    world.at(ms);
    for (const row of world.transactions()) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      const createdMs = Date.parse(row.timestamp_creation);
      if (createdMs >= START_MS) lagHours.push((ms - createdMs) / HOUR_MS);
    }
    const isTenthDay = (ms - START_MS) % (10 * DAY_MS) === 0;
    if (isTenthDay) expect(world.provider.invoice()).toEqual(honest.at(ms).provider.invoice());
  }
  // Whoever looks once a day sees what is not late within a day.
  expect(lagHours.filter((hours) => hours > 24).length).toBeGreaterThan(10);
  const all = world.at(END_MS).transactions();
  expect(all).toEqual(honest.at(END_MS).transactions());
});

test('repeated transactions stand twice, at once and pages later, word for word', () => {
  const world = faulty('repeated-transactions').at(START_MS + 40 * DAY_MS);
  const rows = world.list<TransactionRow>('/billing/transactions');
  const places = new Map<string, number[]>();
  for (const [place, { id }] of rows.entries()) places.set(id, [...(places.get(id) ?? []), place]);
  const gaps = [...places.values()].flatMap(([first = 0, second]) =>
    second === undefined ? [] : [second - first],
  );
  expect(gaps.filter((gap) => gap === 1).length).toBeGreaterThan(3);
  expect(gaps.filter((gap) => gap > 30).length).toBeGreaterThan(3);
  const texts = new Set(rows.map((row) => JSON.stringify(row)));
  expect(texts.size).toBe(places.size);
  const report = world.report(8);
  expect(report.transactions.length).toBeGreaterThan(
    new Set(report.transactions.map((row) => row.id)).size,
  );
  expect(costOf(report)).toBe(ofMonth(world.provider.invoice(), '2026-08'));
  expect(world.provider.invoice()).toEqual(honestAt(world.clock.nowMs).provider.invoice());
});

describe('a restated month', () => {
  const world = faulty('restated-month').at(Date.UTC(2026, 7, 1, 12));
  const before = world.report(7);
  const invoiceBefore = world.provider.invoice();
  world.at(Date.UTC(2026, 7, 7));
  const after = world.report(7);

  test('lowers one period amount and says so in the balance', () => {
    const amounts = new Map(before.transactions.map((row) => [row.id, row.period_amount]));
    const changed = after.transactions.filter((row) => amounts.get(row.id) !== row.period_amount);
    expect(changed).toHaveLength(1);
    const restated = nano(changed[0]?.period_amount ?? '0');
    const given = restated - nano(amounts.get(changed[0]?.id ?? '') ?? '0');
    expect(given).toBeGreaterThan(0n);
    const balances = [after, before].map((report) => nano(report.balance_at_period_end));
    expect((balances[0] ?? 0n) - (balances[1] ?? 0n)).toBe(given);
  });

  test('is on the invoice from then on, with a credit in the open month', () => {
    expect(costOf(before)).toBe(ofMonth(invoiceBefore, '2026-07'));
    expect(costOf(after)).toBe(ofMonth(world.provider.invoice(), '2026-07'));
    const note = expect.objectContaining({ type: 'other', note_public: 'Credit for 2026-07' });
    const credit = world.report(8).transactions.find((row) => note.asymmetricMatch(row.details));
    const line = world.provider.invoice().find((own) => own.resourceId === credit?.id);
    expect(nano(line?.amount ?? '0')).toBe(-nano(credit?.period_amount ?? '0'));
    expect(nano(line?.amount ?? '0')).toBeLessThan(0n);
  });
});

test('unknown types move the balance and stand on the invoice', () => {
  const world = faulty('unknown-transactions').at(END_MS - 1);
  const known = ['stripe_deposit', 'other'];
  const unknown = world
    .transactions()
    .filter((row) => !isCharge(row) && !known.includes(row.details.type));
  expect(unknown.map((row) => row.details.type)).toEqual([
    'marketplace_fee',
    'goodwill_grant',
    'marketplace_fee',
  ]);
  const lines = world.provider.invoice();
  for (const { id, total_amount } of unknown) {
    const line = lines.find((own) => own.resourceId === id);
    expect(nano(line?.amount ?? '0')).toBe(-nano(total_amount));
  }
});

test('the clock of the provider is seconds to minutes off, also in what has accrued', () => {
  const created = honestAt(END_MS)
    .report(7)
    .transactions.find((row) => Date.parse(row.timestamp_creation) > START_MS + DAY_MS);
  const createdMs = Date.parse(created?.timestamp_creation ?? '');
  const world = faulty('clock-skew');
  const seconds = Array.from({ length: 600 }, (_, second) => second - 300);
  const shownAt = seconds.find((second) =>
    world
      .at(createdMs + second * 1000)
      .transactions()
      .some((row) => row.id === created?.id),
  );
  expect(Math.abs(shownAt ?? 0)).toBeGreaterThanOrEqual(4);
  expect(Math.abs(shownAt ?? 0)).toBeLessThanOrEqual(241);
  expect(costOf(world.report(7))).toBe(ofMonth(world.provider.invoice(), '2026-07'));
});

test('an overbilling account charges half a per cent too much at the right rates', () => {
  const overbilling = { service: 'voltage-park', permille: 5 } as const;
  const world = new TestWorld({ ...SMALL, overbilling }).at(START_MS + 40 * DAY_MS);
  const honest = honestAt(world.clock.nowMs);
  expect(world.get('/billing/hourly-rate')).toEqual(honest.get('/billing/hourly-rate'));
  expect(world.provider.invoice()).toEqual(honest.provider.invoice());
  const [stated, right] = [world, honest].map((one) =>
    sum(
      one
        .transactions()
        .filter(isCharge)
        .map((row) => row.total_amount),
    ),
  );
  const permille = Number(((stated ?? 0n) * 1_000_000n) / (right ?? 1n)) / 1000 - 1000;
  expect(permille).toBeCloseTo(5, 1);
});
