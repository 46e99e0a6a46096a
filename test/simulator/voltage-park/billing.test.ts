/** The billing log, its monthly reports and the invoice agree to the last micro-USD. */
import { describe, expect, test } from 'vitest';
import { nano } from '../../../simulator/decimal.ts';
import {
  DAY_MS,
  END_MS,
  HOUR_MS,
  isCharge,
  MONTHS,
  START_MS,
  sum,
  TestWorld,
  type TransactionRow,
  YEAR,
} from './world.ts';

/** Odd instants inside months, one month edge, and the end. */
const INSTANTS = [
  START_MS,
  START_MS + 5 * DAY_MS + 12_345_678,
  Date.UTC(YEAR, 7, 1),
  START_MS + 47 * DAY_MS + 1,
  END_MS,
];

const SIGNS = ['balance', 'magnitude'] as const;

describe.each(SIGNS)('with amounts signed by %s', (sign) => {
  const readings = { 'voltage-park.sign': sign };
  const isSigned = sign === 'balance';

  test('start + delta = end, and the typed sum of the period amounts is the delta', () => {
    const world = new TestWorld({ readings });
    for (const ms of INSTANTS) {
      world.at(ms);
      let previousEnd = '0.000000';
      for (const month of MONTHS) {
        const report = world.report(month);
        const delta = nano(report.balance_delta_in_period);
        expect(report.balance_at_period_start).toBe(previousEnd);
        expect(nano(previousEnd) + delta).toBe(nano(report.balance_at_period_end));
        expect(nano(report.balance_at_period_end)).toBeGreaterThanOrEqual(0n);
        const isCost = (row: TransactionRow) => !isSigned && isCharge(row);
        const costs = report.transactions.filter(isCost).map((row) => row.period_amount);
        const others = report.transactions.filter((row) => !isCost(row));
        expect(sum(others.map((row) => row.period_amount)) - sum(costs)).toBe(delta);
        previousEnd = report.balance_at_period_end;
      }
      expect(nano(previousEnd)).toBeGreaterThan(0n);
    }
  });

  test('the months of a transaction add up to its total amount', () => {
    const world = new TestWorld({ readings });
    for (const ms of INSTANTS) {
      const byId = new Map<string, bigint>();
      for (const month of MONTHS) {
        for (const row of world.at(ms).report(month).transactions) {
          byId.set(row.id, (byId.get(row.id) ?? 0n) + nano(row.period_amount));
        }
      }
      const rows = world.transactions();
      expect(new Set(byId.keys())).toEqual(new Set(rows.map((row) => row.id)));
      for (const row of rows) {
        expect(byId.get(row.id), row.id).toBe(nano(row.total_amount));
        expect(row.period_amount).toBe(row.total_amount);
      }
    }
  });

  test('the invoice is the opposite of charges and corrections, month by month', () => {
    const world = new TestWorld({ readings });
    for (const ms of INSTANTS) {
      const invoice = world.at(ms).provider.invoice();
      for (const month of MONTHS) {
        const monthText = `${YEAR}-${month.toString().padStart(2, '0')}`;
        const lines = invoice.filter((line) => line.month === monthText);
        const { transactions } = world.report(month);
        const amounts = (type: (row: TransactionRow) => boolean) =>
          sum(transactions.filter(type).map((row) => row.period_amount));
        const charges = amounts(isCharge) * (isSigned ? -1n : 1n);
        const corrections = amounts((row) => row.details.type === 'other');
        expect(sum(lines.map((line) => line.amount))).toBe(charges - corrections);
      }
    }
  });
});

test('amounts are signed as asked', () => {
  const directions = (sign: (typeof SIGNS)[number]): Set<string> => {
    const readings = { 'voltage-park.sign': sign };
    const rows = new TestWorld({ readings }).at(END_MS).transactions();
    return new Set(rows.map((row) => `${row.details.type} ${row.total_amount.startsWith('-')}`));
  };
  const common = ['stripe_deposit false', 'other true', 'other false'];
  const charges = ['charge', 'baremetal_charge', 'storage_charge'];
  expect(directions('balance')).toEqual(
    new Set([...common, ...charges.map((type) => `${type} true`)]),
  );
  expect(directions('magnitude')).toEqual(
    new Set([...common, ...charges.map((type) => `${type} false`)]),
  );
});

test('the hourly rate is the sum of the rates of what is listed', () => {
  const world = new TestWorld();
  for (let ms = START_MS; ms <= END_MS; ms += 5 * HOUR_MS) {
    world.at(ms);
    const machineRates = world.virtualMachines().map(({ status, pricing }) => {
      const isAssociated = status !== 'StoppedDisassociated';
      return pricing[isAssociated ? 'total_associated_per_hr' : 'total_disassociated_per_hr'] ?? '';
    });
    const otherRates = [...world.rentals(), ...world.volumes()].map((row) => row.rate_hourly);
    const { rate_hourly } = world.get<{ rate_hourly: string }>('/billing/hourly-rate');
    expect(nano(rate_hourly)).toBe(sum([...machineRates, ...otherRates]));
  }
});

/** Method: find a machine that stays disassociated for an hour and compare its log at both ends. */
test('a disassociated machine costs only its disk, a stopped one its full rate', () => {
  const world = new TestWorld();
  let before = { ms: START_MS, machines: world.virtualMachines(), rows: world.transactions() };
  const compared = { Stopped: 0, StoppedDisassociated: 0 };
  for (let ms = START_MS + HOUR_MS; ms < START_MS + 40 * DAY_MS; ms += HOUR_MS) {
    const now = { ms, machines: world.at(ms).virtualMachines(), rows: world.transactions() };
    for (const machine of now.machines) {
      const { status, pricing, id } = machine;
      if (status !== 'Stopped' && status !== 'StoppedDisassociated') continue;
      const earlier = before.machines.find((candidate) => candidate.id === id);
      if (JSON.stringify(earlier) !== JSON.stringify(machine)) continue;
      const isAssociated = status === 'Stopped';
      const rate = pricing[isAssociated ? 'total_associated_per_hr' : 'total_disassociated_per_hr'];
      const spent = machineSpend(before.rows, id) - machineSpend(now.rows, id);
      expect(spent - nano(rate ?? ''), id).toBeGreaterThanOrEqual(-2_000n);
      expect(spent - nano(rate ?? ''), id).toBeLessThanOrEqual(2_000n);
      compared[status] += 1;
    }
    before = now;
  }
  expect(compared.Stopped).toBeGreaterThan(0);
  expect(compared.StoppedDisassociated).toBeGreaterThan(0);
});

function machineSpend(rows: readonly TransactionRow[], machineId: string): bigint {
  const own = rows.filter((row) => row.details.linked_instance?.virtual_machine_id === machineId);
  return sum(own.map((row) => row.total_amount));
}

test('both billing styles occur: one long transaction, and a chain of daily ones', () => {
  const rows = new TestWorld().at(END_MS).transactions();
  const lengthMs = (row: TransactionRow) =>
    Date.parse(row.timestamp_completion ?? '') - Date.parse(row.timestamp_creation);
  const daily = rows.filter((row) => row.details.type === 'baremetal_charge');
  const instanceIds = new Set(daily.map((row) => row.details.linked_instance?.id));
  expect(instanceIds.size).toBeLessThan(daily.length / 3);
  const completed = daily.filter((row) => row.timestamp_completion !== null);
  expect(Math.max(...completed.map(lengthMs))).toBe(DAY_MS);
  const disks = rows.filter(
    (row) =>
      row.details.linked_instance?.type === 'storage_block_instance' &&
      row.timestamp_completion !== null,
  );
  expect(Math.max(...disks.map(lengthMs))).toBeGreaterThan(20 * DAY_MS);
});

test('a running transaction grows until it is completed, then never changes', () => {
  const world = new TestWorld();
  let before = new Map<string, TransactionRow>();
  for (let ms = START_MS; ms <= END_MS; ms += 3 * DAY_MS) {
    const rows = world.at(ms).transactions();
    const now = new Map(rows.map((row) => [row.id, row]));
    for (const [id, earlier] of before) {
      const later = now.get(id);
      if (earlier.timestamp_completion !== null)
        expect(later).toEqual({ ...earlier, details: later?.details });
      else if (isCharge(earlier)) {
        expect(nano(later?.total_amount ?? '')).toBeLessThan(nano(earlier.total_amount));
      }
    }
    before = now;
  }
});

test('volumes are charged under their own id, rentals and machines under an instance id', () => {
  const world = new TestWorld();
  const volumeIds = new Set(world.volumes().map((volume) => volume.id));
  const rentalIds = new Set(world.rentals().map((rental) => rental.id));
  for (const { details } of world.transactions()) {
    const linked = details.linked_instance;
    if (details.type === 'storage_charge') {
      expect(volumeIds).toContain(linked?.id);
      expect(Object.keys(linked ?? {})).toEqual(['id', 'timestamp_creation', 'timestamp_deletion']);
    }
    if (details.type === 'baremetal_charge') {
      expect(rentalIds).toContain(linked?.baremetal_rental_id);
      expect(rentalIds).not.toContain(linked?.id);
    }
    if (details.type === 'stripe_deposit') expect(linked).toBeUndefined();
  }
});

/** Method: the days of a month, one window each, against the month's own report. */
test('windows of one day add up to the month', () => {
  const world = new TestWorld().at(END_MS);
  let total = 0n;
  for (let day = 1; day <= 31; day += 1) {
    const date = `2026-08-${day.toString().padStart(2, '0')}`;
    const rows = world.transactions(`?earliest=${date}&latest=${date}`);
    total += sum(rows.map((row) => row.period_amount));
  }
  expect(total).toBe(nano(world.report(8).balance_delta_in_period));
});

test('the balance never goes below zero and is topped up', () => {
  const world = new TestWorld({ scale: 3 });
  for (let ms = START_MS; ms <= END_MS; ms += 7 * HOUR_MS) {
    const month = new Date(ms).getUTCMonth() + 1;
    const report = world.at(ms).report(month);
    expect(nano(report.balance_at_period_end)).toBeGreaterThan(0n);
  }
  const deposits = world.transactions().filter((row) => row.details.type === 'stripe_deposit');
  expect(deposits.length).toBeGreaterThan(5);
});

test('the invoice has one line per resource and month, in hours', () => {
  const world = new TestWorld().at(END_MS);
  const lines = world.provider.invoice();
  const keys = lines.map((line) => `${line.month} ${line.resourceId}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const line of lines) {
    expect(line).toMatchObject({ service: 'voltage-park', currency: 'USD' });
    expect(line.amount).toMatch(/^-?\d+\.\d{6}$/);
  }
  const hours = lines.filter((line) => line.unit === 'Hours');
  for (const line of hours) expect(line.quantity).toMatch(/^\d+\.\d{9}$/);
  const corrections = lines.filter((line) => line.unit !== 'Hours');
  const credits = corrections.filter((line) => line.amount.startsWith('-'));
  expect([corrections.length, credits.length]).toEqual([2, 1]);
});
