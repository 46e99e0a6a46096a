/**
 * Goal: under each reading of each open point the API shows what the invoice says, and in shapes that
 * the document allows. Method: what the monthly reports add up to, by the ids that they show.
 */
import { describe, expect, test } from 'vitest';
import type { InvoiceLine } from '../../../simulator/provider.ts';
import { OPEN_POINTS, type OpenPoint, type Readings } from '../../../simulator/readings.ts';
import {
  DAY_MS,
  HOUR_MS,
  isCharge,
  MONTHS,
  START_MS,
  sum,
  TestWorld,
  type TransactionRow,
  YEAR,
} from './world.ts';

const DAYS = 130;
const ALL_MONTHS = [...MONTHS, 11] as const;
const EVENTS = ['refunds', 'month-charged-late', 'resized-machine'] as const;
const END_OF_WORLD_MS = START_MS + DAYS * DAY_MS;
const INSTANTS = [START_MS + 35 * DAY_MS + 1, START_MS + 80 * DAY_MS, END_OF_WORLD_MS];

const CASES = Object.entries(OPEN_POINTS)
  .filter(([point]) => point.startsWith('voltage-park.'))
  .flatMap(([point, readings]) =>
    readings.map((reading) => ({ point: point as OpenPoint, reading: reading as string })),
  );

function lived(readings: Readings): TestWorld {
  const worldFaults = new Set(EVENTS);
  return new TestWorld({ seed: 'readings', scale: 0.4, days: DAYS, worldFaults, readings });
}

/** Money that leaves the balance, whatever the sign convention. */
function cost(row: TransactionRow, readings: Readings): bigint {
  const amount = sum([row.period_amount]);
  const sign = readings['voltage-park.sign'] ?? 'balance';
  if (sign === 'cost') return amount;
  return sign === 'magnitude' && isCharge(row) ? amount : -amount;
}

function resourceOf(row: TransactionRow, lines: readonly InvoiceLine[]): string {
  const linked = row.details.linked_instance;
  if (linked === undefined) return row.id;
  const id = linked.virtual_machine_id ?? linked.baremetal_rental_id ?? linked.id;
  return lines.find((line) => line.otherIds?.includes(id))?.resourceId ?? id;
}

describe.each(CASES)('$point read as $reading', ({ point, reading }) => {
  const readings = { [point]: reading } as Readings;

  test('reports and invoice agree by resource and month', () => {
    const world = lived(readings);
    for (const atMs of INSTANTS) {
      const lines = world.at(atMs).provider.invoice();
      for (const month of ALL_MONTHS) {
        const monthText = `${YEAR}-${month.toString().padStart(2, '0')}`;
        const shown = new Map<string, bigint>();
        for (const row of world.report(month).transactions) {
          if (row.details.type === 'stripe_deposit') continue;
          const id = resourceOf(row, lines);
          shown.set(id, (shown.get(id) ?? 0n) + cost(row, readings));
        }
        const owed = lines.filter((line) => line.month === monthText);
        // A month that is charged late is owed before it is shown.
        const late = owed.filter(
          (line) => sum([line.amount]) !== (shown.get(line.resourceId) ?? 0n),
        );
        const isOver = atMs === END_OF_WORLD_MS;
        expect(late.length, `${monthText} at ${atMs}`).toBeLessThanOrEqual(isOver ? 0 : 1);
        const owedIds = new Set(owed.map((line) => line.resourceId));
        for (const [id, amount] of shown) if (amount !== 0n) expect(owedIds).toContain(id);
      }
    }
  });

  test('every row has the documented fields, and the report of a month adds up to its delta', () => {
    const world = lived(readings).at(INSTANTS[1] ?? 0);
    for (const month of ALL_MONTHS) {
      const report = world.report(month);
      for (const row of report.transactions) {
        expect(row.id).toMatch(/^[0-9a-f-]{36}$/);
        expect(row.total_amount).toMatch(/^-?\d+\.\d{6}$/);
        expect(row.period_amount).toMatch(/^-?\d+\.\d{6}$/);
        expect(Date.parse(row.timestamp_creation)).not.toBeNaN();
        expect(isCharge(row)).toBe(row.details.linked_instance !== undefined);
      }
      const paid = report.transactions.filter((row) => row.details.type === 'stripe_deposit');
      const spent = report.transactions.filter((row) => row.details.type !== 'stripe_deposit');
      const deposits = sum(paid.map((row) => row.period_amount.replace('-', '')));
      const costs = spent.reduce((total, row) => total + cost(row, readings), 0n);
      expect(sum([report.balance_delta_in_period])).toBe(deposits - costs);
    }
  });
});

test('storage linked by its instance names no volume, and one id for each stretch of rate', () => {
  const world = lived({ 'voltage-park.storage-link': 'instance' }).at(INSTANTS[1] ?? 0);
  const rows = world.transactions().filter((row) => row.details.type === 'storage_charge');
  const volumeIds = new Set(world.volumes().map(({ id }) => id));
  expect(rows.length).toBeGreaterThan(volumeIds.size);
  for (const { details } of rows) expect(volumeIds).not.toContain(details.linked_instance?.id);
  const ids = rows.map(({ details }) => details.linked_instance?.id);
  expect(new Set(ids).size).toBe(rows.length);
});

test.each([
  ['balance', 'charge', /^\d/],
  ['magnitude', 'charge', /^-/],
  ['cost', 'charge', /^-/],
  ['magnitude', 'other', /^\d/],
  ['cost', 'credit', /^-/],
] as const)('with amounts by %s a refund as %s has the other sign', (sign, refund, text) => {
  const readings = { 'voltage-park.sign': sign, 'voltage-park.refund': refund };
  const rows = lived(readings).at(END_OF_WORLD_MS).transactions();
  const plain = new TestWorld({ seed: 'readings', scale: 0.4, days: DAYS });
  const known = new Set(
    plain
      .at(END_OF_WORLD_MS)
      .transactions()
      .map(({ id }) => id),
  );
  const back = rows.filter(
    (row) => !known.has(row.id) && row.timestamp_creation === row.timestamp_completion,
  );
  expect(back.length).toBeGreaterThanOrEqual(3);
  for (const row of back) {
    expect(row.total_amount).toMatch(text);
    expect(row.details.type.includes('charge')).toBe(refund === 'charge');
  }
});

test('a machine that ran all month is charged for it over 31 days later', () => {
  const world = lived({});
  const lagDays = new Map<string, number>();
  for (let ms = START_MS; ms <= START_MS + DAYS * DAY_MS; ms += 12 * HOUR_MS) {
    for (const row of world.at(ms).transactions()) {
      if (lagDays.has(row.id) || row.timestamp_completion === null) continue;
      lagDays.set(row.id, (ms - Date.parse(row.timestamp_completion)) / DAY_MS);
    }
  }
  const late = [...lagDays.values()].filter((days) => days > 31 && days < 46);
  expect(late.length).toBeGreaterThanOrEqual(1);
});

test('a machine of eight GPUs has two from the middle of a day on', () => {
  const world = lived({});
  const counts = new Map<string, number[]>();
  for (let ms = START_MS; ms < START_MS + 60 * DAY_MS; ms += HOUR_MS) {
    for (const { id, resources } of world.at(ms).virtualMachines()) {
      const gpus = Object.values(resources.gpus).reduce((total, { count }) => total + count, 0);
      const seen = counts.get(id) ?? [];
      counts.set(id, seen);
      if (seen.at(-1) !== gpus) seen.push(gpus);
    }
  }
  expect([...counts.values()]).toContainEqual([8, 2]);
});
