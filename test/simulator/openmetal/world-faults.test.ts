/** Goal: each world fault is really shown by the API, and the invoice stays right. */
import { expect, test } from 'vitest';
import { nano } from '../../../simulator/decimal.ts';
import type { InvoiceLine, WorldFault } from '../../../simulator/provider.ts';
import { Account, DAYS, END_MS, HOUR_MS, START_MS } from './support.ts';

const SIX_HOURS_MS = 6 * HOUR_MS;

function faulty(...names: WorldFault[]): Account {
  return new Account('fault', 1, { worldFaults: new Set(names) });
}

function honestAt(atMs: number): Account {
  const account = new Account('fault');
  account.clock.advanceTo(atMs);
  return account;
}

function lookEverySixHours(account: Account, see: (nowMs: number) => void): void {
  for (let atMs = START_MS; atMs < END_MS; atMs += SIX_HOURS_MS) {
    account.clock.advanceTo(atMs);
    see(atMs);
  }
}

function total(lines: readonly InvoiceLine[], resourceId: string): bigint {
  const own = lines.filter((line) => line.resourceId === resourceId);
  return own.reduce((sum, line) => sum + nano(line.amount), 0n);
}

test('a subscription cannot be read for two to four days and then can again', () => {
  const account = faulty('missing-subscription');
  const statuses = new Map<string, number[]>();
  lookEverySixHours(account, () => {
    for (const { id } of account.clouds()) {
      const status = account.status(`/v1/clouds/${id}/subscription`);
      statuses.set(id, [...(statuses.get(id) ?? []), status]);
    }
  });
  const interrupted = [...statuses.values()].filter(
    (list) => list.includes(200) && list.slice(list.indexOf(200)).some((status) => status !== 200),
  );
  expect(interrupted.length).toBeGreaterThan(1);
  for (const list of interrupted) {
    const missed = list.slice(list.indexOf(200)).filter((status) => status !== 200);
    expect(missed.length).toBeGreaterThanOrEqual(7);
    expect(missed.length).toBeLessThanOrEqual(17);
    expect(list.at(-1)).toBe(200);
  }
  expect(account.provider.invoice()).toEqual(honestAt(account.clock.nowMs).provider.invoice());
});

test('rates rise where a term starts, and each term is billed at its own rate', () => {
  const account = faulty('term-price-change');
  const rates = new Map<number, Map<string, number>>();
  lookEverySixHours(account, () => {
    for (const { id } of account.clouds()) {
      const reply = account.subscription(id);
      for (const { cloud_asset_id, cost_in_cents } of reply?.asset_logs ?? []) {
        const ofAsset = rates.get(cloud_asset_id) ?? new Map<string, number>();
        rates.set(cloud_asset_id, ofAsset);
        const term = reply?.subscription.current_term_started_at ?? '';
        // A rate that was seen in a term is the one of the whole term.
        expect(ofAsset.get(term) ?? cost_in_cents).toBe(cost_in_cents);
        ofAsset.set(term, cost_in_cents);
      }
    }
  });
  const changed = [...rates].filter(([, ofAsset]) => new Set(ofAsset.values()).size === 2);
  expect(changed.length).toBeGreaterThan(3);
  const honest = honestAt(account.clock.nowMs).provider.invoice();
  const raised = changed.filter(
    ([assetId]) =>
      total(account.provider.invoice(), String(assetId)) > total(honest, String(assetId)),
  );
  expect(raised).toHaveLength(changed.length);
});

test('the clock of the provider may be seconds to minutes off', () => {
  const account = faulty('clock-skew');
  const { id } = account.clouds().find((cloud) => account.subscription(cloud.id)) ?? { id: '' };
  const term = account.subscription(id)?.subscription;
  const endMs = Date.parse(term?.current_term_ends_at ?? '');
  const seconds = Array.from({ length: 600 }, (_, second) => second - 300);
  const rolledOver = seconds.find((second) => {
    account.clock.advanceTo(endMs + second * 1000);
    const now = account.subscription(id)?.subscription;
    return now?.current_term_started_at === term?.current_term_ends_at;
  });
  expect(Math.abs(rolledOver ?? 0)).toBeGreaterThanOrEqual(5);
  expect(Math.abs(rolledOver ?? 0)).toBeLessThanOrEqual(240);
  account.clock.advanceTo(START_MS + (DAYS - 1) * 24 * HOUR_MS);
  account.clouds();
  expect(account.provider.invoice()).toEqual(honestAt(account.clock.nowMs).provider.invoice());
});

test('an overbilling account states half a per cent too much, with right rates and discount', () => {
  const overbilling = { service: 'openmetal', permille: 5 } as const;
  const account = new Account('fault', 1, { overbilling });
  const atMs = START_MS + 50 * 24 * HOUR_MS;
  account.clock.advanceTo(atMs);
  const honest = honestAt(atMs);
  for (const { id } of account.clouds()) {
    const right = honest.subscription(id);
    const stated = account.subscription(id);
    if (right === null || stated === null) continue;
    const gross = right.subscription.addons.reduce((sum, addon) => sum + addon.total_in_cents, 0);
    const surplus = stated.subscription.total_in_cents - right.subscription.total_in_cents;
    expect(Math.abs(surplus - gross / 200)).toBeLessThanOrEqual(right.subscription.addons.length);
    expect(stated.asset_logs).toEqual(right.asset_logs);
  }
  expect(account.provider.invoice()).toEqual(honest.provider.invoice());
});
