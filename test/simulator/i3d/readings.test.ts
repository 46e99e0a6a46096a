/**
 * Goal: under each reading of each open point reports, invoices and credit notes agree with the
 * simulator's invoice. Method: usage hours server by server, account invoices month by month.
 */
import { describe, expect, test } from 'vitest';
import { type Nano, nano } from '../../../simulator/decimal.ts';
import { type I3dCredentials, SimulatedI3d } from '../../../simulator/i3d/i3d.ts';
import type { WorldFault } from '../../../simulator/provider.ts';
import { OPEN_POINTS, type Readings } from '../../../simulator/readings.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import { allPages, at, type Client, client } from './support.ts';

const START_MS = at('07-10 00:00');
const DAYS = 105;
const END_MS = START_MS + DAYS * 86_400_000;
const DAY_MS = 86_400_000;
const EVENTS: readonly WorldFault[] = [
  'contract-without-capacity',
  'shrinking-commitment',
  'empty-quota',
  'undated-delivery',
  'credit-notes',
  'late-restatement',
  'older-account',
];
const CASES = Object.entries(OPEN_POINTS)
  .filter(([point]) => point.startsWith('i3d.'))
  .flatMap(([point, readings]) => readings.map((reading) => ({ point, reading })));
const MONTHS = ['2026-07', '2026-09'];

function lived(readings: Readings, ...events: WorldFault[]): Client {
  const worldFaults = new Set([...EVENTS, ...events]);
  const scenario = { seed: 'readings', startMs: START_MS, days: DAYS, scale: 0.1 };
  return client({ ...scenario, readings, worldFaults });
}

function windowOf(month: string, readings: Readings): string {
  const [year, number] = month.split('-').map(Number);
  const endMs = Date.UTC(year ?? 0, number ?? 0, 1);
  const lastMs = readings['i3d.usage-end-date'] === 'inclusive' ? endMs - DAY_MS : endMs;
  return `startDate=${month}-01&endDate=${new Date(lastMs).toISOString().slice(0, 10)}`;
}

function hoursByServer(api: Client, month: string, readings: Readings): Map<string, number> {
  const rows = api.json('/v3/flexMetal/usage', windowOf(month, readings));
  const hours = new Map<string, number>();
  for (const { server, totalHours } of rows) {
    hours.set(server.uuid, (hours.get(server.uuid) ?? 0) + totalHours);
  }
  return hours;
}

/** What all documents of a month say together, without VAT. */
function invoicedNano(
  api: Client,
  month: string,
  readings: Readings,
): { sum: Nano; lines: number } {
  const { rows } = allPages(api, '/v3/account/invoice', 50);
  let sum = 0n;
  let lines = 0;
  for (const { id } of rows) {
    const [detail] = api.json(`/v3/account/invoice/${id}`);
    if (!detail.items[0].periodFrom.startsWith(month)) continue;
    const isYen = detail.currency === 'JPY' && readings['i3d.minor-units'] !== 'hundredths';
    const isTurned = detail.isCredit === 1 && readings['i3d.credit-note-sign'] === 'positive';
    const minor = BigInt(detail.amountExclVat) * (isTurned ? -1n : 1n);
    sum += minor * (isYen ? 1_000_000_000n : 10_000_000n);
    lines += detail.items.length;
  }
  return { sum, lines };
}

describe.each(CASES)('$point read as $reading', ({ point, reading }) => {
  const readings = { [point]: reading } as Readings;

  test('the usage report has the hours of the invoice', () => {
    const api = lived(readings);
    api.clock.advanceTo(END_MS);
    const invoice = api.simulator.invoice();
    for (const month of MONTHS) {
      const hours = hoursByServer(api, month, readings);
      expect(hours.size).toBeGreaterThan(5);
      for (const [uuid, total] of hours) {
        const lines = invoice.filter((line) => line.resourceId === uuid && line.month === month);
        expect(lines.map((line) => Number(line.quantity))).toEqual(total === 0 ? [] : [total]);
      }
    }
  });

  const currencies: WorldFault[][] = point === 'i3d.minor-units' ? [[], ['yen-account']] : [[]];
  test.each(currencies.map((events) => [events]))(
    'the account invoices of a month add up to the invoice, with %j',
    (events) => {
      const api = lived(readings, ...events);
      api.clock.advanceTo(END_MS);
      const invoice = api.simulator.invoice();
      for (const month of MONTHS) {
        const own = invoice.filter((line) => line.month === month);
        const owed = own.reduce((sum, line) => sum + nano(line.amount), 0n);
        const { sum, lines } = invoicedNano(api, month, readings);
        const isWhole = events.length > 0 && reading !== 'hundredths';
        const half = isWhole ? 500_000_000n : 5_000_000n;
        const difference = sum > owed ? sum - owed : owed - sum;
        expect(difference, month).toBeLessThanOrEqual(BigInt(lines) * half);
        expect(new Set(own.map((line) => line.currency)).size).toBe(1);
      }
    },
  );
});

test('a contract without a capacity is on servers, in the rate card, and in no quota', () => {
  const onDemand = lived({});
  const committed = lived({ 'i3d.contract-without-capacity': 'commitment' });
  for (const api of [onDemand, committed]) api.clock.advanceTo(START_MS + 3 * DAY_MS);
  const servers = allPages(onDemand, '/v3/flexMetal/servers', 50).rows;
  const framed = servers.filter(({ contractId }) => contractId.startsWith('I3D-FRAME'));
  expect(framed.length).toBeGreaterThan(0);
  expect(onDemand.get('/v3/flexMetal/quota/usage').body).not.toContain('I3D-FRAME');
  const told = onDemand.simulator.contracts().map(({ contractId }) => contractId);
  expect(told).not.toContain(framed[0].contractId);
  const total = (api: Client): Nano => {
    const ids = new Set(framed.map(({ uuid }) => uuid));
    const lines = api.simulator.invoice().filter((line) => ids.has(line.resourceId));
    return lines.reduce((sum, line) => sum + nano(line.amount), 0n);
  };
  expect(total(committed)).toBeLessThan(total(onDemand));
});

test.each(['complete', 'outdated', 'silent'] as const)(
  'a commitment shrinks in the quota while the contract file is %s',
  (file) => {
    const api = lived({ 'i3d.shrunk-contract-file': file });
    const capacities: number[] = [];
    for (let atMs = START_MS; atMs < END_MS; atMs += DAY_MS) {
      api.clock.advanceTo(atMs);
      for (const { quotaUsage } of api.json('/v3/flexMetal/quota/usage')) {
        for (const { contractId, quota } of quotaUsage) {
          if (contractId !== 'I3D-2026-0117' || capacities.at(-1) === quota) continue;
          capacities.push(quota);
        }
      }
    }
    expect(capacities).toHaveLength(2);
    expect(capacities[1]).toBeLessThan(capacities[0] ?? 0);
    const rows = api.simulator.contracts().filter((row) => row.contractId === 'I3D-2026-0117');
    const told = { complete: capacities, outdated: capacities.slice(0, 1), silent: [] }[file];
    expect(rows.map(({ capacity }) => capacity)).toEqual(told);
  },
);

test('quota and capacity are empty for days and then are not', () => {
  const api = lived({});
  const states: boolean[] = [];
  for (let atMs = START_MS; atMs < END_MS; atMs += 6 * 3_600_000) {
    api.clock.advanceTo(atMs);
    const isEmpty = api.json('/v3/flexMetal/quota/usage').length === 0;
    expect(api.json('/v3/flexMetal/capacity/commit').length === 0).toBe(isEmpty);
    if (states.at(-1) !== isEmpty) states.push(isEmpty);
  }
  expect(states.join()).toMatch(/^(true,)?false(,true,false)*(,true)?$/);
  expect(states).toContain(true);
});

test('some delivered servers show null or 1 as their delivery; the usage report knows better', () => {
  const api = lived({});
  api.clock.advanceTo(START_MS + 20 * DAY_MS);
  const { rows } = allPages(api, '/v3/flexMetal/servers', 50, 'status=delivered');
  const stated = new Set(rows.map(({ deliveredAt }) => (deliveredAt > 1 ? 'true' : deliveredAt)));
  expect(stated).toEqual(new Set(['true', null, 1]));
  const usage = api.json('/v3/flexMetal/usage');
  for (const { uuid } of rows) {
    // biome-ignore lint/suspicious/noExplicitAny: tests read documented shapes by hand.
    const row = usage.find(({ server }: any) => server.uuid === uuid);
    expect(Date.parse(row.startedAt)).toBeGreaterThanOrEqual(at('07-01 00:00'));
  }
});

test('a VM of a month is restated, and credited, more than two months later', () => {
  const api = lived({});
  const hoursOfJuly: number[] = [];
  const query = 'start=2026-07-01T00:00:00Z&end=2026-08-01T00:00:00Z';
  for (let atMs = at('08-01 00:00'); atMs < END_MS; atMs += DAY_MS) {
    api.clock.advanceTo(atMs);
    const report = api.json('/v3/flexVM/reports/monthly', query);
    const hours = report.vms.reduce(
      (sum: number, vm: { vm_hours: number }) => sum + vm.vm_hours,
      0,
    );
    if (hoursOfJuly.at(-1) !== hours) hoursOfJuly.push(hours);
    if (hoursOfJuly.length === 2) break;
  }
  expect(hoursOfJuly).toHaveLength(2);
  expect(hoursOfJuly[1]).toBeLessThan(hoursOfJuly[0] ?? 0);
  expect(api.clock.nowMs).toBeGreaterThan(at('10-01 00:00'));
  const late = allPages(api, '/v3/account/invoice', 50, 'filter=2026-07').rows;
  expect(late.map(({ isCredit }) => isCredit)).toContain(1);
});

test('a credit note names the invoice that it refers to', () => {
  const api = lived({});
  api.clock.advanceTo(END_MS);
  const { rows } = allPages(api, '/v3/account/invoice', 50);
  const numbers = new Set(rows.map(({ invoiceNumber }) => invoiceNumber));
  const notes = rows.filter(({ description }) => description.startsWith('Credit note'));
  expect(notes.length).toBeGreaterThanOrEqual(3);
  for (const { description, isCredit, amountExclVAT } of notes) {
    expect(isCredit).toBe(1);
    expect(amountExclVAT).toMatch(/^-\d+$/);
    expect(numbers).toContain(description.split(' ').at(-1));
  }
});

test('two keys of one account show the same customer', () => {
  const credentials: I3dCredentials = { apiKey: 'first', otherApiKey: 'second' };
  const clock = new VirtualClock(START_MS);
  const options = { seed: 'keys', startMs: START_MS, endMs: END_MS, scale: 0.1, clock };
  const provider = new SimulatedI3d(options, credentials);
  const details = (key: string): string => {
    const headers = { 'private-token': key };
    const path = '/v3/account/details';
    const query = new URLSearchParams();
    return provider.handle({ method: 'GET', path, query, headers, body: '' }).body;
  };
  expect(JSON.parse(details('first'))[0].companyName).toBe('Lumenfold Research B.V.');
  expect(details('second')).toBe(details('first'));
  expect(details('third')).toContain('Authentication failed');
});
