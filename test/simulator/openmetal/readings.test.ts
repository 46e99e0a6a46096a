/**
 * Goal: under each reading of each open point the bills add up to the invoice. Method: whoever reads
 * each bill a second before its term ends has, at the end, what the invoice says for the cloud.
 */
import { describe, expect, test } from 'vitest';
import { nano } from '../../../simulator/decimal.ts';
import type { WorldFault } from '../../../simulator/provider.ts';
import { OPEN_POINTS, type Readings } from '../../../simulator/readings.ts';
import { Account, END_MS, HOUR_MS, START_MS } from './support.ts';

const SIX_HOURS_MS = 6 * HOUR_MS;
const NANO_PER_CENT = 10_000_000n;
const CASES = Object.entries(OPEN_POINTS)
  .filter(([point]) => point.startsWith('openmetal.'))
  .flatMap(([point, readings]) => readings.map((reading) => ({ point, reading })));

interface Bills {
  /** By term start, as last read. */
  readonly totals: Map<string, { cents: number; endMs: number }>;
  readonly ids: Set<string>;
}

/** Reads every bill each six hours, and right before and at each end of a term. */
function readBills(account: Account, see: (nowMs: number, bills: Map<string, Bills>) => void) {
  const bills = new Map<string, Bills>();
  let nowMs = START_MS;
  while (nowMs < END_MS) {
    account.clock.advanceTo(nowMs);
    for (const { id } of account.clouds()) {
      const reply = account.subscription(id);
      if (reply === null) continue;
      const known = bills.get(id) ?? { totals: new Map(), ids: new Set([`${id}/discount`]) };
      bills.set(id, known);
      const { subscription, asset_logs } = reply;
      known.totals.set(subscription.current_term_started_at, {
        cents: subscription.total_in_cents,
        endMs: Date.parse(subscription.current_term_ends_at),
      });
      for (const asset of asset_logs) known.ids.add(String(asset.cloud_asset_id));
    }
    see(nowMs, bills);
    const ends = [...bills.values()].flatMap(({ totals }) => [...totals.values()]);
    const edges = ends.flatMap(({ endMs }) => [endMs - 1000, endMs]);
    const last = nowMs;
    nowMs = Math.min(last + SIX_HOURS_MS, ...edges.filter((edgeMs) => edgeMs > last));
  }
}

function billed(account: Account, ids: ReadonlySet<string>): bigint {
  return account.provider
    .invoice()
    .filter((line) => ids.has(line.resourceId))
    .reduce((sum, line) => sum + nano(line.amount), 0n);
}

describe.each(CASES)('$point read as $reading', ({ point, reading }) => {
  const readings = { [point]: reading } as Readings;
  const worldFaults = new Set<WorldFault>(['node-put-back', 'restated-assignment']);

  test('the bills of the terms that are over add up to the invoice', () => {
    const account = new Account('bills', 1, { readings, worldFaults });
    let termsCompared = 0;
    readBills(account, (nowMs, bills) => {
      for (const { totals, ids } of bills.values()) {
        if (![...totals.values()].some(({ endMs }) => endMs === nowMs)) continue;
        const over = [...totals.values()].filter(({ endMs }) => endMs <= nowMs);
        const cents = over.reduce((sum, total) => sum + total.cents, 0);
        // A gross total is more than is owed by what the invoice calls the discount.
        const named = [...ids].filter((id) => reading !== 'gross' || !id.endsWith('/discount'));
        expect(billed(account, new Set(named))).toBe(BigInt(cents) * NANO_PER_CENT);
        termsCompared += over.length;
      }
    });
    expect(termsCompared).toBeGreaterThan(10);
  });
});

test('a deleted cloud owes no hour after its deletion when its total is frozen there', () => {
  const frozen = new Account('bills', 1, { readings: { 'openmetal.deletion': 'deletion' } });
  const whole = new Account('bills', 1);
  for (const account of [frozen, whole]) account.clock.advanceTo(END_MS);
  const total = (account: Account): bigint =>
    account.provider.invoice().reduce((sum, line) => sum + nano(line.amount), 0n);
  expect(total(frozen)).toBeLessThan(total(whole));
});

test('a bill may be missing once its cloud is deleted, and a wiped cloud may stay listed', () => {
  const readings = {
    'openmetal.bill-after-deletion': 'missing',
    'openmetal.wiped-cloud': 'listed',
  } as const;
  const account = new Account('bills', 1, { readings });
  const states = new Set<string>();
  for (let atMs = START_MS; atMs < END_MS; atMs += SIX_HOURS_MS) {
    account.clock.advanceTo(atMs);
    for (const { id, fields } of account.clouds()) {
      const { cloud_state, nodes } = account.read<{ cloud_state: string; nodes: unknown[] }>(
        `/v1/clouds/${id}/stats`,
      );
      const status = account.status(`/v1/clouds/${id}/subscription`);
      if (cloud_state === 'PENDING-DELETE' || cloud_state === 'DELETED') {
        states.add(`${cloud_state} ${fields.pending_delete} ${status} ${nodes.length > 0}`);
      }
    }
  }
  expect([...states]).toEqual(['PENDING-DELETE true 404 true', 'DELETED false 404 false']);
});

test('a cloud whose bill nobody may read is charged by terms after its trial, with its blocks', () => {
  const readings = { 'openmetal.unreadable-bill': 'subscription' } as const;
  const account = new Account('bills', 1, { readings });
  const catalogue = new Account('bills', 1);
  for (const one of [account, catalogue]) one.clock.advanceTo(END_MS);
  const closed = account.clouds().filter(({ id }) => account.subscription(id) === null);
  expect(closed).toHaveLength(1);
  const assetIds = /^\d+$/;
  const ofNodes = (one: Account) =>
    one.provider.invoice().filter((line) => !assetIds.test(line.resourceId));
  const sum = (one: Account): bigint =>
    ofNodes(one).reduce((total, line) => total + nano(line.amount), 0n);
  expect(ofNodes(account).length).toBeGreaterThan(5);
  expect(sum(account)).toBeLessThan(sum(catalogue));
});

test('a node is away for hours and comes back in a cloud of either kind of bill', () => {
  const account = new Account('bills', 1, { worldFaults: new Set<WorldFault>(['node-put-back']) });
  const present = new Map<string, boolean[]>();
  for (let atMs = START_MS; atMs < END_MS; atMs += HOUR_MS) {
    account.clock.advanceTo(atMs);
    for (const { id } of account.clouds()) {
      const { nodes } = account.read<{ nodes: { uuid: string }[] }>(`/v1/clouds/${id}/stats`);
      const here = new Set(nodes.map(({ uuid }) => `${id} ${uuid}`));
      for (const key of here) present.set(key, present.get(key) ?? []);
      for (const [key, seen] of present) {
        if (key.startsWith(id) && seen.at(-1) !== here.has(key)) seen.push(here.has(key));
      }
    }
  }
  const back = [...present.values()].filter((seen) => seen.join() === 'true,false,true');
  expect(back).toHaveLength(2);
});

test('two subscriptions begin on one UTC day, hours apart', () => {
  const account = new Account('bills', 1, {
    worldFaults: new Set<WorldFault>(['one-day-subscriptions']),
  });
  const starts = account
    .clouds()
    .map(({ id }) => account.subscription(id)?.subscription.current_term_started_at ?? id);
  const days = starts.map((start) => start.slice(0, 10));
  expect(new Set(starts).size).toBe(starts.length);
  expect(new Set(days).size).toBe(days.length - 1);
});

test('an asset that moves is in the log of one cloud at a time, and its past stays charged', () => {
  const account = new Account('bills', 1, { worldFaults: new Set<WorldFault>(['asset-moved']) });
  const clouds = new Map<number, string[]>();
  let before = 0n;
  for (let atMs = START_MS; atMs < END_MS; atMs += SIX_HOURS_MS) {
    account.clock.advanceTo(atMs);
    const here = new Map<number, string>();
    for (const { id } of account.clouds()) {
      for (const { cloud_asset_id } of account.subscription(id)?.asset_logs ?? []) {
        expect(here.has(cloud_asset_id)).toBe(false);
        here.set(cloud_asset_id, id);
        const seen = clouds.get(cloud_asset_id) ?? [];
        clouds.set(cloud_asset_id, seen);
        if (seen.at(-1) !== id) seen.push(id);
      }
    }
    const moved = [...clouds].find(([, seen]) => seen.length === 2)?.[0];
    const cost = billed(account, new Set([String(moved)]));
    expect(cost).toBeGreaterThanOrEqual(before);
    before = cost;
  }
  expect([...clouds.values()].filter((seen) => seen.length === 2)).toHaveLength(1);
  expect(before).toBeGreaterThan(0n);
});
