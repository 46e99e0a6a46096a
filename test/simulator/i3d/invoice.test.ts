/** The exact invoice against hand-computed cases, conservation laws and the account's invoices. */
import { describe, expect, test } from 'vitest';
import { buildInvoice } from '../../../simulator/i3d/billing.ts';
import type { I3dWorld } from '../../../simulator/i3d/world.ts';
import { at, client, price, server, vm, vmWorld, world } from './support.ts';

const START_MS = at('07-01 00:00');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const METAL = price('i3d-flexmetal', '0.5');

/** `resource month quantity amount`, one text per line. */
function lines(told: I3dWorld, nowMs: number): string[] {
  return buildInvoice(told, nowMs).map(
    ({ resourceId, month, quantity, amount }) => `${resourceId} ${month} ${quantity} ${amount}`,
  );
}

describe('hour blocks', () => {
  const bill = (deliveredAtMs: number, releasedAtMs: number | null, nowMs: number) =>
    lines(world({ servers: [server('a', deliveredAtMs, releasedAtMs)], rateCard: [METAL] }), nowMs);
  const LATER_MS = at('11-01 00:00');

  test('count every begun hour', () => {
    expect(bill(at('07-03 10:10'), at('07-03 11:11'), LATER_MS)).toEqual([
      'a 2026-07 2 1.000000000',
    ]);
    expect(bill(at('07-03 10:10'), at('07-03 11:10'), LATER_MS)).toEqual([
      'a 2026-07 1 0.500000000',
    ]);
    expect(bill(at('07-03 10:10'), at('07-03 10:10'), LATER_MS)).toEqual([]);
  });

  test('start afresh at the month', () => {
    // 23:10 - 00:00 begins one block, 00:00 - 01:05 two.
    expect(bill(at('07-31 23:10'), at('08-01 01:05'), LATER_MS)).toEqual([
      'a 2026-07 1 0.500000000',
      'a 2026-08 2 1.000000000',
    ]);
  });

  test('reach to now while the server lives', () => {
    expect(bill(at('07-03 10:10'), null, at('07-03 10:10'))).toEqual([]);
    expect(bill(at('07-03 10:10'), null, at('07-03 10:10') + 1)).toEqual([
      'a 2026-07 1 0.500000000',
    ]);
    expect(bill(at('07-03 10:10'), null, at('07-03 12:10'))).toEqual(['a 2026-07 2 1.000000000']);
  });

  test('cost what stood in the rate card when they began', () => {
    const changeMs = at('07-03 11:20');
    const rateCard = [
      price('i3d-flexmetal', '0.5', at('01-01 00:00'), changeMs),
      price('i3d-flexmetal', '0.600001', changeMs),
    ];
    // Blocks begin at 10:10 and 11:10 (old price) and 12:10 (new price).
    const servers = [server('a', at('07-03 10:10'), at('07-03 12:11'))];
    const expected = ['a 2026-07 3 1.600001000'];
    expect(lines(world({ servers, rateCard }), LATER_MS)).toEqual(expected);
  });

  test('bill a VM from its creation', () => {
    const told = {
      ...vmWorld([vm('v', at('07-31 23:30'), at('08-01 00:01'))]),
      rateCard: [price('i3d-flexvm', '0.041667')],
    };
    expect(buildInvoice(told, LATER_MS)).toEqual(
      ['2026-07', '2026-08'].map((month) => ({
        service: 'i3d-flexvm',
        resourceId: 'v',
        month,
        currency: 'EUR',
        amount: '0.041667000',
        quantity: '1',
        unit: 'Hours',
      })),
    );
  });
});

interface UsageRow {
  readonly server: { readonly uuid: string; readonly contractId: string };
  readonly startedAt: string;
  readonly endedAt: string;
}

/** A second reading of the pool's rule, from the usage report: blocks beyond capacity per hour. */
function overflowHours(rows: readonly UsageRow[], capacity: number): number {
  const countByHour = new Map<string, number>();
  for (const { startedAt, endedAt } of rows) {
    let blockMs = Date.parse(startedAt);
    while (blockMs < Date.parse(endedAt)) {
      const hour = new Date(blockMs).toISOString().slice(0, 13);
      countByHour.set(hour, (countByHour.get(hour) ?? 0) + 1);
      const nextMs = blockMs + HOUR_MS;
      const [before, after] = [blockMs, nextMs].map((ms) => new Date(ms));
      const isNewMonth = before?.getUTCMonth() !== after?.getUTCMonth();
      blockMs = isNewMonth ? nextMs - (nextMs % DAY_MS) : nextMs;
    }
  }
  return [...countByHour.values()].reduce((sum, count) => sum + Math.max(0, count - capacity), 0);
}

describe('commitments', () => {
  const contract = {
    contractId: 'C-1',
    service: 'i3d-flexmetal' as const,
    instanceType: 'bm7.std.8',
    location: 'EU: Rotterdam',
    capacity: 2,
    startsAt: '2026-07-31T22:00:00Z',
    endsAt: '2026-08-01T02:00:00Z',
  };
  const rateCard = [METAL, price('i3d-flexmetal', '0.3', at('01-01 00:00'), null, 'C-1')];
  const POOL = 'C-1/EU: Rotterdam/bm7.std.8';

  test('cost their whole capacity when nothing uses them', () => {
    const told = world({ contracts: [contract], rateCard });
    expect(lines(told, at('07-31 22:00'))).toEqual([]);
    expect(lines(told, at('07-31 22:00') + 1)).toEqual([`${POOL} 2026-07 2 0.600000000`]);
    expect(lines(told, at('11-01 00:00'))).toEqual([
      `${POOL} 2026-07 4 1.200000000`,
      `${POOL} 2026-08 4 1.200000000`,
    ]);
  });

  test('cover the earliest blocks of a clock hour and leave the rest to the on-demand price', () => {
    // In 22:00 - 23:00: a at 22:05, b and c at 22:10, so c overflows. In 23:00 only a is left.
    const servers = [
      server('c', at('07-31 22:10'), at('07-31 22:50'), 'C-1'),
      server('b', at('07-31 22:10'), at('07-31 22:50'), 'C-1'),
      server('a', at('07-31 22:05'), at('07-31 23:30'), 'C-1'),
    ];
    const told = world({ servers, contracts: [contract], rateCard });
    expect(lines(told, at('08-01 00:00'))).toEqual([
      `${POOL} 2026-07 1 0.300000000`,
      'a 2026-07 2 0.600000000',
      'b 2026-07 1 0.300000000',
      'c 2026-07 1 0.500000000',
    ]);
  });

  test('are used or unused for capacity times hours when nothing overflows', () => {
    const servers = [
      server('a', at('07-31 22:05'), at('08-01 01:30'), 'C-1'),
      server('b', at('07-31 23:59'), null, 'C-1'),
    ];
    const told = world({ servers, contracts: [contract], rateCard });
    const nowMs = at('08-01 02:00');
    const hours = buildInvoice(told, nowMs).reduce((sum, line) => sum + BigInt(line.quantity), 0n);
    expect(hours).toBe(2n * 4n);
  });

  test('both overflow and idle in the seeded world, and conserve the hours of every pool', () => {
    const api = client({ startMs: START_MS });
    api.clock.advanceTo(START_MS + 90 * DAY_MS);
    const contracts = api.simulator.contracts();
    expect(contracts.length).toBeGreaterThanOrEqual(2);
    const usage = api.json('/v3/flexMetal/usage', 'startDate=2026-01-01&endDate=2027-01-01');
    const invoice = api.simulator.invoice();
    for (const { contractId, location, instanceType, capacity, startsAt, endsAt } of contracts) {
      const own = new Set(
        usage
          .filter((row: UsageRow) => row.server.contractId === contractId)
          .map((row: UsageRow) => row.server.uuid),
      );
      const sum = (belongs: (resourceId: string) => boolean): number =>
        invoice
          .filter((line) => belongs(line.resourceId))
          .reduce((total, line) => total + Number(line.quantity), 0);
      const unused = sum((id) => id === `${contractId}/${location}/${instanceType}`);
      const used = sum((id) => own.has(id));
      const pastEndMs = Math.min(api.clock.nowMs, Date.parse(endsAt));
      const paid = (capacity * (pastEndMs - Date.parse(startsAt))) / HOUR_MS;
      const overflow = overflowHours(
        usage.filter((row: UsageRow) => own.has(row.server.uuid)),
        capacity,
      );
      expect(overflow).toBeGreaterThan(0);
      expect(unused).toBeGreaterThan(0);
      expect(used + unused).toBe(paid + overflow);
    }
  });
});

describe('the seeded invoice', () => {
  const api = client({ startMs: START_MS });

  test('grows with the clock only, and quickly', () => {
    api.clock.advanceTo(START_MS + 45 * DAY_MS);
    const before = api.simulator.invoice();
    api.clock.advanceTo(START_MS + 90 * DAY_MS);
    const startedMs = performance.now();
    const after = api.simulator.invoice();
    expect(performance.now() - startedMs).toBeLessThan(2000);
    const closed = (month: string) => month < '2026-08';
    expect(after.filter((line) => closed(line.month))).toEqual(
      before.filter((line) => closed(line.month)),
    );
    expect(after.length).toBeGreaterThan(before.length);
  });

  test('bills the hours that the two reports count in a closed month', () => {
    const hours = new Map<string, string>();
    const query = 'startDate=2026-08-01&endDate=2026-09-01';
    for (const row of api.json('/v3/flexMetal/usage', query)) {
      hours.set(row.server.uuid, String(row.totalHours));
    }
    const report = api.json('/v3/flexVM/reports/monthly', 'start=2026-08-01&end=2026-09-01');
    for (const row of report.vms) hours.set(row.vm_id, String(row.vm_hours));
    const billed = api.simulator
      .invoice()
      .filter((line) => line.month === '2026-08' && !line.resourceId.includes('/'))
      .map((line): [string, string] => [line.resourceId, line.quantity]);
    expect(new Map(billed)).toEqual(hours);
  });

  test('has prices that change at midnight and at odd instants', () => {
    const changes = api.simulator.rateCard().filter((row) => row.validTo !== null);
    const isMidnight = (text: string | null) => text?.endsWith('T00:00:00Z') === true;
    expect(changes.filter((row) => isMidnight(row.validTo)).length).toBeGreaterThanOrEqual(3);
    expect(changes.filter((row) => !isMidnight(row.validTo)).length).toBeGreaterThanOrEqual(2);
  });
});

describe('account invoices', () => {
  test('appear on the first of the month at 06:00 UTC', () => {
    const api = client({ startMs: START_MS, scale: 0.2 });
    api.clock.advanceTo(at('08-01 06:00') - 1);
    expect(api.json('/v3/account/invoice')).toEqual([]);
    api.clock.advanceTo(at('08-01 06:00'));
    expect(api.json('/v3/account/invoice')).toHaveLength(1);
    expect(api.json('/v3/account/invoice', 'filter=2026-07')).toHaveLength(1);
    expect(api.json('/v3/account/invoice', 'filter=2026-08')).toEqual([]);
    expect(api.json('/v3/account/invoice/unpaid')).toHaveLength(1);
    api.clock.advanceTo(at('08-31 00:00'));
    expect(api.json('/v3/account/invoice/unpaid')).toEqual([]);
  });

  test('are the exact invoice, rounded to the cent per line', () => {
    const api = client({ startMs: START_MS, scale: 0.2 });
    api.clock.advanceTo(at('09-01 06:00'));
    const [, listed] = api.json('/v3/account/invoice');
    const [detail] = api.json(`/v3/account/invoice/${listed.id}`);
    expect(detail.id).toBe(Number(listed.id));
    expect(listed.amountIncVAT).toBe(detail.amountIncVat);
    expect(listed.amountExclVAT).toBe(detail.amountExclVat);
    const sum = (field: string): number =>
      detail.items.reduce(
        (total: number, item: Record<string, string>) => total + Number(item[field]),
        0,
      );
    expect(sum('amountExclVat')).toBe(Number(detail.amountExclVat));
    expect(sum('vatAmount')).toBe(Number(detail.vatAmount));
    expect(sum('amountExclVat') + sum('vatAmount')).toBe(Number(detail.amountIncVat));
    const august = api.simulator.invoice().filter((line) => line.month === '2026-08');
    const exactCents = august.reduce((total, line) => total + Number(line.amount) * 100, 0);
    expect(Math.abs(exactCents - sum('amountExclVat'))).toBeLessThanOrEqual(
      detail.items.length / 2,
    );
    expect(sum('quantity')).toBe(august.reduce((total, line) => total + Number(line.quantity), 0));
  });
});
