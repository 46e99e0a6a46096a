/** Goal: each world fault is really shown by the API, and the invoice stays what it would be without it. */
import { expect, test } from 'vitest';
import type { WorldFault } from '../../../simulator/provider.ts';
import { Account, END_MS, HOUR_MS, START_MS, type Vm } from './support.ts';

const EPOCH_MS = 24 * HOUR_MS;

function faulty(...names: WorldFault[]): Account {
  return new Account('fault', 1, { worldFaults: new Set(names) });
}

function lookHourly(account: Account, see: (vm: Vm, spent: bigint, dueMs: number) => void): void {
  for (let atMs = START_MS; atMs < END_MS; atMs += HOUR_MS) {
    account.clock.advanceTo(atMs);
    for (const vm of account.vms()) {
      see(vm, BigInt(vm.totalSpent), Date.parse(`${vm.nextBillingAt.slice(3, 22)}Z`));
    }
  }
}

function honestInvoice(): unknown {
  const account = new Account('fault');
  account.clock.advanceTo(END_MS - HOUR_MS);
  return account.provider.invoice();
}

test('a stale counter falls for one hourly look, back by more than an epoch, and returns', () => {
  const account = faulty('stale-counter');
  const highest = new Map<string, bigint>();
  const fallenLooks = new Map<string, number>();
  lookHourly(account, ({ id: vmId }, spent, dueMs) => {
    const before = highest.get(vmId) ?? 0n;
    if (spent >= before) highest.set(vmId, spent);
    if (spent >= before) return;
    fallenLooks.set(vmId, (fallenLooks.get(vmId) ?? 0) + 1);
    expect(dueMs).toBeLessThan(account.clock.nowMs);
  });
  expect(fallenLooks.size).toBeGreaterThan(5);
  expect(new Set(fallenLooks.values())).toEqual(new Set([1]));
  expect(account.provider.invoice()).toEqual(honestInvoice());
  for (const vm of account.vms()) {
    expect(BigInt(vm.totalSpent)).toBe(account.spentMicroByInvoice(vm.id));
  }
});

test('a counter that starts again stays lower and grows by what the epochs cost', () => {
  const account = faulty('counter-reset');
  const last = new Map<string, bigint>();
  const grown = new Map<string, bigint>();
  const resetVms = new Set<string>();
  lookHourly(account, ({ id: vmId }, spent) => {
    const before = last.get(vmId) ?? 0n;
    last.set(vmId, spent);
    if (spent < before) resetVms.add(vmId);
    else grown.set(vmId, (grown.get(vmId) ?? 0n) + spent - before);
  });
  expect(resetVms.size).toBeGreaterThan(5);
  expect(account.provider.invoice()).toEqual(honestInvoice());
  const living = account.vms().filter((vm) => resetVms.has(vm.id));
  expect(living.length).toBeGreaterThan(0);
  for (const { id, totalSpent } of living) {
    expect(BigInt(totalSpent)).toBeLessThan(account.spentMicroByInvoice(id));
    expect(grown.get(id)).toBe(account.spentMicroByInvoice(id));
  }
});

test('late epochs leave nextBillingAt in the past, then come at once', () => {
  const account = faulty('late-epochs');
  const last = new Map<string, bigint>();
  let lateMs = 0;
  let epochsAtOnce = 0;
  lookHourly(account, ({ id, pricePerEpoch }, spent, dueMs) => {
    if (dueMs <= account.clock.nowMs) lateMs = Math.max(lateMs, account.clock.nowMs - dueMs);
    const grown = spent - (last.get(id) ?? spent);
    last.set(id, spent);
    if (grown >= 2n * BigInt(pricePerEpoch)) epochsAtOnce += 1;
  });
  expect(lateMs).toBeGreaterThan(EPOCH_MS);
  expect(epochsAtOnce).toBeGreaterThan(5);
  expect(account.provider.invoice()).toEqual(honestInvoice());
});

test('addresses change their case between looks, the address on the invoice does not', () => {
  const account = faulty('id-case');
  const forms = new Map<string, Set<string>>();
  lookHourly(account, ({ id: vmId }) => {
    const key = vmId.toLowerCase();
    forms.set(key, (forms.get(key) ?? new Set()).add(vmId));
  });
  const counts = [...forms.values()].map((texts) => texts.size);
  expect(Math.max(...counts)).toBe(3);
  expect(account.provider.invoice()).toEqual(honestInvoice());
});

test('a skewed clock moves the boundary by seconds to minutes', () => {
  const account = faulty('clock-skew');
  const boundaryMs = Date.parse('2025-09-10T17:55:00Z');
  const dueAt = (atMs: number): string => {
    account.clock.advanceTo(atMs);
    return account.vms()[0]?.nextBillingAt ?? '';
  };
  expect(dueAt(boundaryMs - 5 * 60_000)).toBe('+002025-09-10T17:55:00.000000000Z');
  const seconds = Array.from({ length: 600 }, (_, second) => second - 300);
  const firstSecond = seconds.find((second) =>
    dueAt(boundaryMs + second * 1000).startsWith('+002025-09-11'),
  );
  expect(firstSecond).toBeDefined();
  expect(Math.abs(firstSecond ?? 0)).toBeGreaterThanOrEqual(5);
  expect(Math.abs(firstSecond ?? 0)).toBeLessThanOrEqual(240);
});

test('an overbilling account counts half a per cent too much, its price and invoice do not', () => {
  const overbilling = { service: 'fluence', permille: 5 } as const;
  const account = new Account('fault', 1, { overbilling });
  account.clock.advanceTo(END_MS - HOUR_MS);
  expect(account.provider.invoice()).toEqual(honestInvoice());
  for (const { id, totalSpent } of account.vms()) {
    const right = account.spentMicroByInvoice(id);
    expect(BigInt(totalSpent)).toBe((right * 1005n + 500n) / 1000n);
  }
});
