/** Goal: under each reading of each open point the counters are what the invoice says. */
import { describe, expect, test } from 'vitest';
import type { WorldFault } from '../../../simulator/provider.ts';
import { Account, END_MS, HOUR_MS, START_MS } from './support.ts';

const DAY_MS = 24 * HOUR_MS;
const EPOCHS = ['network', 'fraction', 'own'] as const;
const INSTANT = /^\+00\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{9}Z$/;

function lived(epoch: (typeof EPOCHS)[number], ...events: WorldFault[]): Account {
  const readings = { 'fluence.epoch': epoch };
  return new Account('readings', 0.2, { readings, worldFaults: new Set(events) });
}

describe.each(EPOCHS)('with epochs by %s', (epoch) => {
  test('each counter is the invoice of its machine, and what bills next lies ahead', () => {
    const account = lived(epoch, 'short-vms', 'price-in-gap');
    for (let atMs = START_MS; atMs < END_MS; atMs += 11 * HOUR_MS) {
      account.clock.advanceTo(atMs);
      if (account.call('GET', '/vms/v2').status !== 200) continue;
      for (const vm of account.vms()) {
        expect(BigInt(vm.totalSpent)).toBe(account.spentMicroByInvoice(vm.id));
        expect(vm.createdAt).toMatch(INSTANT);
        expect(vm.nextBillingAt).toMatch(INSTANT);
        const nextMs = Date.parse(`${vm.nextBillingAt.slice(3, 26)}Z`);
        expect(nextMs).toBeGreaterThan(atMs);
        expect(nextMs).toBeLessThanOrEqual(atMs + DAY_MS);
      }
    }
  });

  test('machines that live for hours are created at fractions of a second', () => {
    const account = lived(epoch, 'short-vms');
    const epochs = new Map<string, number>();
    const created = new Map<string, number>();
    for (let atMs = START_MS; atMs < END_MS; atMs += 2 * HOUR_MS) {
      account.clock.advanceTo(atMs);
      for (const vm of account.vms()) {
        if (!vm.vmName.startsWith('short-')) continue;
        expect(vm.createdAt).toMatch(/123456Z$/);
        created.set(vm.id, Date.parse(`${vm.createdAt.slice(3, 26)}Z`));
        epochs.set(vm.id, Number(vm.totalSpent) / vm.pricePerEpoch);
      }
    }
    const counts = [...epochs.values()].sort();
    expect(counts).toHaveLength(6);
    const isTwice = epoch !== 'own';
    expect(counts.filter((count) => count === 2).length).toBeGreaterThanOrEqual(isTwice ? 1 : 0);
    const instants = [...created.values()].sort((left, right) => left - right);
    const gaps = instants.slice(1).map((atMs, index) => atMs - (instants[index] ?? 0));
    expect(gaps).toContain(2_000);
  });
});

test('prices change twice while the machines cannot be listed', () => {
  const account = lived('network', 'price-in-gap');
  const statuses: number[] = [];
  const prices = new Map<string, number[]>();
  for (let atMs = START_MS; atMs < END_MS; atMs += 3 * HOUR_MS) {
    account.clock.advanceTo(atMs);
    const { status } = account.call('GET', '/vms/v2');
    if (statuses.at(-1) !== status) statuses.push(status);
    if (status !== 200) continue;
    for (const { id, pricePerEpoch } of account.vms()) {
      const seen = prices.get(`${id} ${statuses.length}`) ?? [];
      prices.set(`${id} ${statuses.length}`, seen);
      if (seen.at(-1) !== pricePerEpoch) seen.push(pricePerEpoch);
    }
  }
  expect(statuses).toEqual([200, 503, 200]);
  const before = new Set([...prices.keys()].filter((key) => key.endsWith(' 1')));
  const changed = [...before].filter((key) => {
    const last = prices.get(key)?.at(-1);
    const next = prices.get(key.replace(/ 1$/, ' 3'))?.[0];
    return next !== undefined && next !== last;
  });
  expect(changed.length).toBeGreaterThan(2);
});

test('the owner of the key is told, or the newer call is not there', () => {
  const known = new Account('readings', 0.2);
  const user = JSON.parse(known.call('GET', '/v1/users/me').body);
  expect(Object.keys(user).sort()).toEqual(['email', 'id', 'permissions']);
  const older = new Account('readings', 0.2, { readings: { 'fluence.user': 'missing' } });
  expect(older.call('GET', '/v1/users/me').status).toBe(404);
});
