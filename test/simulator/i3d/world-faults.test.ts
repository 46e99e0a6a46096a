/** Goal: each world fault is really shown by the API, and the invoice follows the books of its instant. */
import { expect, test } from 'vitest';
import { nano } from '../../../simulator/decimal.ts';
import type { InvoiceLine, WorldFault } from '../../../simulator/provider.ts';
import { allPages, at, type Client, client, price, server, world } from './support.ts';

const START_MS = at('07-01 00:00');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SMALL = { seed: 'fault', startMs: START_MS, days: 60, scale: 0.4 };

function faulty(...names: WorldFault[]): Client {
  return client({ ...SMALL, worldFaults: new Set(names) });
}

interface Invoice {
  id: number | string;
  isCredit: number;
  amountExclVat: string;
  items: {
    quantity: number;
    amountExclVat: string;
    unitPrice: string;
    description: string;
    periodFrom: string;
  }[];
}

function accountInvoices(api: Client): Invoice[] {
  const list: Invoice[] = allPages(api, '/v3/account/invoice', 50).rows;
  return list.map(({ id }) => api.json(`/v3/account/invoice/${id}`)[0]);
}

/** In cents and hours, over every account invoice of the month. */
function stated(api: Client, month: string): { cents: number; hours: number } {
  const items = accountInvoices(api)
    .flatMap((invoice) => invoice.items)
    .filter((item) => item.periodFrom.startsWith(month));
  return {
    cents: items.reduce((sum, item) => sum + Number(item.amountExclVat), 0),
    hours: items.reduce((sum, item) => sum + item.quantity, 0),
  };
}

function ofMonth(lines: readonly InvoiceLine[], month: string): { cents: number; hours: number } {
  const own = lines.filter((line) => line.month === month);
  const amountNano = own.reduce((sum, line) => sum + nano(line.amount), 0n);
  return {
    cents: Number(amountNano / 10_000_000n),
    hours: own.reduce((sum, line) => sum + Number(line.quantity), 0),
  };
}

test('a closed month is restated in both reports, by a credit note and on the invoice', () => {
  const api = faulty('restated-month');
  api.clock.advanceTo(at('08-01 12:00'));
  const hoursById = (): Map<string, number> => {
    const used = api.json('/v3/flexMetal/usage', 'startDate=2026-07-01&endDate=2026-08-01');
    const { vms } = api.json('/v3/flexVM/reports/monthly', 'start=2026-07-01&end=2026-08-01');
    return new Map([
      ...used.map((row: { server: { uuid: string }; totalHours: number }) => [
        row.server.uuid,
        row.totalHours,
      ]),
      ...vms.map((row: { vm_id: string; vm_hours: number }) => [row.vm_id, row.vm_hours]),
    ]);
  };
  const hoursBefore = hoursById();
  const invoiceBefore = api.simulator.invoice();
  expect(accountInvoices(api).map((invoice) => invoice.isCredit)).toEqual([0]);
  api.clock.advanceTo(at('08-07 00:00'));
  const hoursAfter = hoursById();
  const restated = [...hoursBefore].filter(([id, hours]) => hours !== hoursAfter.get(id));
  expect(restated).toHaveLength(2);
  for (const [id, hours] of restated) {
    const july = (lines: InvoiceLine[]) =>
      lines.find((line) => line.resourceId === id && line.month === '2026-07');
    expect(Number(july(invoiceBefore)?.quantity)).toBe(hours);
    expect(Number(july(api.simulator.invoice())?.quantity)).toBe(hoursAfter.get(id));
    expect(hoursAfter.get(id)).toBeLessThan(hours);
  }
  expect(accountInvoices(api).map((invoice) => invoice.isCredit)).toContain(1);
  const right = ofMonth(api.simulator.invoice(), '2026-07');
  expect(stated(api, '2026-07').hours).toBe(right.hours);
  expect(Math.abs(stated(api, '2026-07').cents - right.cents)).toBeLessThan(30);
});

test('a late contract id is empty at first; the invoice moves the hours when it comes', () => {
  const api = faulty('late-contract');
  const honest = client(SMALL);
  const contractIds = (one: Client): string[] =>
    allPages(one, '/v3/flexMetal/servers', 50).rows.map(({ contractId }) => contractId);
  let lateLooks = 0;
  for (let atMs = START_MS; atMs < START_MS + 50 * DAY_MS; atMs += 6 * HOUR_MS) {
    api.clock.advanceTo(atMs);
    honest.clock.advanceTo(atMs);
    const [shown, right] = [contractIds(api), contractIds(honest)];
    const missing = right.filter((contractId, index) => shown[index] !== contractId);
    if (missing.length === 0) continue;
    lateLooks += 1;
    const isEmpty = shown.every((contractId, index) => ['', right[index]].includes(contractId));
    expect(isEmpty).toBe(true);
    if (lateLooks === 2) expect(api.simulator.invoice()).not.toEqual(honest.simulator.invoice());
  }
  expect(lateLooks).toBeGreaterThan(1);
  api.clock.advanceTo(START_MS + 60 * DAY_MS);
  honest.clock.advanceTo(START_MS + 60 * DAY_MS);
  expect(api.simulator.invoice()).toEqual(honest.simulator.invoice());
});

/** The server is delivered on the eve of the month; its contract is known in the new one. */
test('a contract id that comes after the month was invoiced gives a note and an invoice', () => {
  const contract = {
    contractId: 'C-1',
    service: 'i3d-flexmetal' as const,
    instanceType: 'bm7.std.8',
    location: 'EU: Rotterdam',
    capacity: 1,
    startsAt: '2026-07-01T00:00:00Z',
    endsAt: '2026-09-01T00:00:00Z',
  };
  const told = world({
    servers: Array.from({ length: 12 }, (_, n) => server(`s${n}`, at('07-31 10:00'), null, 'C-1')),
    contracts: [contract],
    rateCard: [
      price('i3d-flexmetal', '0.50'),
      price('i3d-flexmetal', '0.30', undefined, null, 'C-1'),
    ],
  });
  const api = client({
    ...SMALL,
    world: told,
    worldFaults: new Set<WorldFault>(['late-contract']),
  });
  api.clock.advanceTo(at('08-05 00:00'));
  const july = ofMonth(api.simulator.invoice(), '2026-07');
  expect(stated(api, '2026-07')).toEqual(july);
});

test('the provider lives on its own clock, seconds to minutes off', () => {
  const delivered = server('a', at('07-05 10:00'), null);
  const rateCard = [price('i3d-flexmetal', '0.50')];
  const told = world({ servers: [delivered], rateCard });
  const api = client({ ...SMALL, world: told, worldFaults: new Set<WorldFault>(['clock-skew']) });
  const seconds = Array.from({ length: 600 }, (_, second) => second - 300);
  const shownAt = seconds.find((second) => {
    api.clock.advanceTo(at('07-05 10:00') + second * 1000);
    return api.json('/v3/flexMetal/servers')[0]?.deliveredAt !== null;
  });
  expect(Math.abs(shownAt ?? 0)).toBeGreaterThanOrEqual(5);
  expect(Math.abs(shownAt ?? 0)).toBeLessThanOrEqual(240);
  expect(api.json('/v3/flexMetal/servers')[0].deliveredAt).toBe(at('07-05 10:00') / 1000);
  api.clock.advanceTo(at('07-05 12:00'));
  expect(api.simulator.invoice()).toMatchObject([{ quantity: '2', amount: '1.000000000' }]);
});

test.each([
  ['i3d-flexmetal', 'FlexMetal'],
  ['i3d-flexvm', 'FlexVM'],
] as const)('overbilling of %s raises the amounts of its lines only', (service, product) => {
  const wrong = client({ ...SMALL, overbilling: { service, permille: 5 } });
  const honest = client(SMALL);
  for (const api of [wrong, honest]) api.clock.advanceTo(at('08-02 00:00'));
  const items = [wrong, honest].map((api) => accountInvoices(api)[0]?.items ?? []);
  for (const [index, item] of (items[0] ?? []).entries()) {
    const right = items[1]?.[index];
    const isRaised = item.description.startsWith(product);
    const surplus = Number(item.amountExclVat) - Number(right?.amountExclVat);
    expect(Math.abs(surplus - (isRaised ? Number(right?.amountExclVat) / 200 : 0))).toBeLessThan(1);
    expect(item).toMatchObject({ quantity: right?.quantity, unitPrice: right?.unitPrice });
  }
  expect(wrong.simulator.invoice()).toEqual(honest.simulator.invoice());
});
