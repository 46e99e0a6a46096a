/** What the API states and what the invoice says, held against each other. */
import { expect, test } from 'vitest';
import { nano } from '../../../simulator/decimal.ts';
import { Account, type Cloud, DAYS, END_MS, HOUR_MS, type Json, START_MS } from './support.ts';

test('the bill of every closed term equals the last total_in_cents that was shown for it', () => {
  // One account is read every hour; its twin bills exactly at the starts and ends of the terms.
  const account = new Account();
  const termsByKey = new Map<string, { cloudId: string; startMs: number; endMs: number }>();
  const centsByKey = new Map<string, number>();
  const cloudByResource = new Map<string, string>();
  let hasDiscount = false;
  for (let hour = 0; hour < DAYS * 24; hour += 1) {
    account.clock.advanceTo(START_MS + hour * HOUR_MS);
    for (const { id } of account.clouds()) {
      const reply = account.subscription(id);
      if (reply === null) continue;
      const { subscription } = reply;
      const startMs = Date.parse(subscription.current_term_started_at);
      const endMs = Date.parse(subscription.current_term_ends_at);
      if (endMs >= END_MS || startMs < START_MS) continue;
      const key = `${id} ${startMs}`;
      termsByKey.set(key, { cloudId: id, startMs, endMs });
      centsByKey.set(key, subscription.total_in_cents);
      hasDiscount ||= subscription.discounts.length > 0;
      cloudByResource.set(`${id}/discount`, id);
      for (const asset of reply.asset_logs) cloudByResource.set(String(asset.cloud_asset_id), id);
    }
  }
  const terms = [...termsByKey];
  const twin = new Account();
  const billedAt = new Map<string, bigint>();
  const instants = terms.flatMap(([, { startMs, endMs }]) => [startMs, endMs]);
  for (const atMs of [...new Set(instants)].sort((a, b) => a - b)) {
    twin.clock.advanceTo(atMs);
    for (const line of twin.provider.invoice()) {
      const key = `${cloudByResource.get(line.resourceId)} ${atMs}`;
      billedAt.set(key, (billedAt.get(key) ?? 0n) + nano(line.amount));
    }
  }
  expect(terms.length).toBeGreaterThan(8);
  expect(hasDiscount).toBe(true);
  for (const [key, { cloudId, startMs, endMs }] of terms) {
    const before = billedAt.get(`${cloudId} ${startMs}`) ?? 0n;
    const after = billedAt.get(`${cloudId} ${endMs}`) ?? 0n;
    expect(after - before, key).toBe(BigInt(centsByKey.get(key) ?? -1) * 10_000_000n);
  }
});

test('the cloud without billing answers 403 and can be priced from order and catalogue', () => {
  const account = new Account();
  account.clock.advanceTo(START_MS + 60 * 24 * HOUR_MS);
  const closed = account
    .clouds()
    .filter(({ id }) => account.status(`/v1/clouds/${id}/subscription`) === 403);
  expect(closed).toHaveLength(1);
  const cloud = closed[0] as Cloud;
  const refusal = JSON.parse(account.call(`/v1/clouds/${cloud.id}/subscription`).body);
  expect(Object.keys(refusal)).toEqual(['status', 'name', 'message']);
  interface Order {
    fields: { items: { hardware_sku: string }[] };
  }
  const order = account.read<Order>(`/v1/orders/${cloud.fields.order_id}`);
  const sku = order.fields.items[0]?.hardware_sku ?? '';
  interface Catalogue {
    hardware: Record<string, { products: { hourly_cost_ltu_mils: number }[] }>;
  }
  const catalogue = account.read<Catalogue>(`/v1/products?location=${cloud.fields.pod_location}`);
  const mils = catalogue.hardware[sku]?.products[0]?.hourly_cost_ltu_mils ?? -1;
  interface Stats {
    nodes: { uuid: string; type: string; assigned_date: string }[];
  }
  const { nodes } = account.read<Stats>(`/v1/clouds/${cloud.id}/stats`);
  expect(nodes.length).toBeGreaterThanOrEqual(3);
  for (const node of nodes) {
    expect(node.type).toBe(sku);
    const assignedMs = Date.parse(`${node.assigned_date}Z`);
    const hours = Math.floor((account.clock.nowMs - assignedMs) / HOUR_MS);
    const billed = account.provider
      .invoice()
      .filter((line) => line.resourceId === node.uuid)
      .reduce((sum, line) => sum + nano(line.amount), 0n);
    expect(billed).toBe(BigInt(hours * mils) * 1_000_000n);
  }
});

test('catalogue prices change once, for a SKU that the cloud without billing does not use', () => {
  const account = new Account();
  const before = JSON.stringify(account.read('/v1/products?location=pod_1'));
  account.clock.advanceTo(END_MS - 1);
  const after = account.read<{ hardware: Json }>('/v1/products?location=pod_1');
  const earlier = (JSON.parse(before) as { hardware: Json }).hardware;
  const changed = Object.keys(earlier).filter(
    (sku) => JSON.stringify(earlier[sku]) !== JSON.stringify(after.hardware[sku]),
  );
  expect(changed).toEqual(['medium_v4']);
});
