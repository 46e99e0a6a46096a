import { expect, test } from 'vitest';
import { nano } from '../../../simulator/decimal.ts';
import { SimulatedOpenMetal } from '../../../simulator/openmetal/openmetal.ts';
import type { SimulatedResponse } from '../../../simulator/provider.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';

const HOUR_MS = 3600 * 1000;
const START_MS = Date.parse('2025-09-01T00:00:00Z');
const DAYS = 90;
const END_MS = START_MS + DAYS * 24 * HOUR_MS;

type Json = Record<string, unknown>;

interface Cloud {
  id: string;
  fields: { pending_delete: boolean; order_id: string; pod_location: string };
}

interface Reply {
  subscription: {
    current_term_started_at: string;
    current_term_ends_at: string;
    total_in_cents: number;
    discounts: unknown[];
    card: unknown;
  };
  asset_logs: { cloud_asset_id: number; nodes: { node_uuid: string }[] }[];
}

class Account {
  readonly clock = new VirtualClock(START_MS);
  readonly provider: SimulatedOpenMetal;

  constructor(seed = 'seed', scale = 1) {
    const options = { seed, startMs: START_MS, endMs: END_MS, scale, clock: this.clock };
    const credentials = { apiKey: 'key', clientId: 'client', clientSecret: 'secret' };
    this.provider = new SimulatedOpenMetal(options, credentials);
  }

  call(target: string, authorization: string | undefined = 'Bearer key'): SimulatedResponse {
    const url = new URL(target, 'http://openmetal.test');
    return this.provider.handle({
      method: 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: { authorization },
      body: '',
    });
  }

  status(target: string, authorization?: string): number {
    return this.call(target, authorization).status;
  }

  read<T>(target: string): T {
    const response = this.call(target);
    expect(response.status, target).toBe(200);
    return JSON.parse(response.body) as T;
  }

  clouds(): Cloud[] {
    return this.read<Cloud[]>('/v1/clouds');
  }

  /** Null for the cloud whose billing is closed and for one that is not provisioned. */
  subscription(cloudId: string): Reply | null {
    const response = this.call(`/v1/clouds/${cloudId}/subscription`);
    return response.status === 200 ? (JSON.parse(response.body) as Reply) : null;
  }
}

const TOKEN_PATH = '/v1/oauth2/token?grant_type=client_credentials';
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

test('the same seed gives the same bytes, another seed does not', () => {
  const texts = ['same', 'same', 'other'].map((seed) => {
    const account = new Account(seed);
    const bodies: string[] = [];
    for (let day = 0; day < DAYS; day += 6) {
      account.clock.advanceTo(START_MS + day * 24 * HOUR_MS);
      bodies.push(account.call(TOKEN_PATH, basic('client:secret')).body);
      for (const path of ['/v1/clouds', '/v1/orders', '/v1/prefixes', '/v1/vlans']) {
        bodies.push(account.call(path).body);
      }
      for (const { id } of account.clouds()) {
        bodies.push(account.call(`/v1/clouds/${id}/stats`).body);
        bodies.push(account.call(`/v1/clouds/${id}/subscription`).body);
      }
      bodies.push(account.call('/v1/products?location=pod_2').body);
      bodies.push(account.call('/v2/inventory/pod_1/availability').body);
    }
    return JSON.stringify([bodies, account.provider.invoice()]);
  });
  expect(texts[0]).toBe(texts[1]);
  expect(texts[0]).not.toBe(texts[2]);
});

test('private paths want a token, public ones do not', () => {
  const account = new Account();
  for (const path of ['/v1/clouds', '/v1/orders', '/v1/prefixes', '/v1/accounts/profile']) {
    expect(account.status(path, '')).toBe(401);
    expect(account.status(path, 'Bearer wrong')).toBe(401);
    expect(account.status(path)).toBe(200);
  }
  for (const path of ['/v1/products', '/v2/inventory/locations']) {
    expect(account.status(path, '')).toBe(200);
  }
  expect(account.status('/v2/inventory/pod_3/availability', '')).toBe(200);
  expect(account.status('/v2/inventory/pod_9/availability', '')).toBe(400);
  expect(account.status('/v1/products?location=pod_9', '')).toBe(400);
  expect(account.status('/v1/clouds/unknown')).toBe(404);
  expect(account.status('/v1/invoices')).toBe(404);
});

test('a client credentials token works for four hours of the virtual clock', () => {
  const account = new Account();
  const response = account.call(TOKEN_PATH, basic('client:secret'));
  const token = JSON.parse(response.body);
  expect(token).toEqual({
    access_token: expect.stringMatching(/^eyJ/),
    scope: 'https://api.central.openmetal.io/v1/*',
    expires_in: 14400,
    token_type: 'bearer',
  });
  const bearer = `Bearer ${token.access_token}`;
  expect(account.status('/v1/clouds', bearer)).toBe(200);
  account.clock.advanceTo(START_MS + 4 * HOUR_MS - 1);
  expect(account.status('/v1/clouds', bearer)).toBe(200);
  account.clock.advanceTo(START_MS + 4 * HOUR_MS);
  expect(account.status('/v1/clouds', bearer)).toBe(401);
});

test('the token call refuses wrong clients and wrong grants', () => {
  const account = new Account();
  expect(account.status(TOKEN_PATH, basic('client:wrong'))).toBe(401);
  expect(account.status(TOKEN_PATH, '')).toBe(401);
  const wrongGrant = '/v1/oauth2/token?grant_type=password';
  expect(account.status(wrongGrant, basic('client:secret'))).toBe(400);
});

test('every reply has the documented keys and date styles', () => {
  const account = new Account();
  const [cloud] = account.clouds();
  expect(cloud).toEqual({
    id: expect.stringMatching(/^[0-9A-Za-z]{10}$/),
    label: expect.stringMatching(/^[a-z]+-[a-z]+$/),
    description: expect.any(String),
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    fields: {
      cloud_type: expect.stringMatching(/^(pcc|baremetal)$/),
      cloud_uuid: expect.any(String),
      cloud_version: '2.0',
      owner_name: expect.any(String),
      organization_id: expect.any(String),
      hostname: expect.any(String),
      order_id: expect.any(String),
      pod_location: expect.stringMatching(/^pod_[123]$/),
      provision_status: 'complete',
      provision_completion_time: expect.stringMatching(/Z$/),
      pending_delete: false,
    },
  });
  const stats = account.read<Json>(`/v1/clouds/${cloud?.id}/stats`);
  expect(Object.keys(stats)).toEqual(
    (
      'name description label cloud_uuid cloud_state cloud_hostname cloud_hosts ' +
      'external_vip_address internal_vip_address maintenance creation_date pending_number ' +
      'pending_tasks pending_date prevent_delete nodes vlans keys'
    ).split(' '),
  );
  const [node] = stats.nodes as Json[];
  expect(Object.keys(node ?? {})).toEqual(
    (
      'uuid state power_state hostname type cpu memory rack chassis disks labels kolla_services ' +
      'ceph_services networks ipaddress vlans maintenance creation_date last_updated ' +
      'assigned_date properties'
    ).split(' '),
  );
  expect(node?.assigned_date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
  const [order] = account.read<Json[]>('/v1/orders');
  expect(Object.keys(order ?? {}).at(-1)).toBe('relation');
  expect(order?.created_at).toMatch(/\+00:00$/);
  const detail = account.read<Json>(`/v1/orders/${order?.id}`);
  expect(detail.access).toEqual({ role: expect.any(String) });
  const [prefix] = account.read<Json[]>('/v1/prefixes');
  expect(account.read(`/v1/prefixes/${prefix?.id}`)).toEqual(prefix);
  const [vlan] = account.read<Json[]>('/v1/vlans');
  expect(account.read(`/v1/vlans/${vlan?.id}`)).toEqual(vlan);
});

test('a subscription has the documented keys and carries a secret to be dropped', () => {
  const account = new Account();
  const replies = account.clouds().map(({ id }) => account.subscription(id));
  const reply = replies.find((candidate) => candidate?.subscription.card) as unknown as {
    subscription: Json;
    asset_logs: Json[];
  };
  expect(Object.keys(reply.subscription)).toEqual(
    (
      'uuid state total_billing_cycles collection_method auto_renew card ' +
      'current_term_started_at current_term_ends_at activated_at addons discounts ' +
      'total_in_cents plan_code'
    ).split(' '),
  );
  expect(reply.subscription.uuid).toMatch(/^[0-9a-f]{32}$/);
  expect(JSON.stringify(reply.subscription.card)).toContain('SIMULATED-SECRET-');
  expect(reply.subscription.current_term_ends_at).toMatch(/\+00:00$/);
  expect(Object.keys(reply.asset_logs[0] ?? {})).toEqual(
    (
      'cloud_id cloud_asset_id addon_code is_active created_at removed_at nodes lifetime_usage ' +
      'name cost_in_cents period_usage period_cost'
    ).split(' '),
  );
});

test('one cloud is deleted through a pending phase of three days, one is created', () => {
  const account = new Account();
  const everSeen = new Set<string>();
  const pendingHours = new Map<string, number>();
  for (let hour = 0; hour < DAYS * 24; hour += 1) {
    account.clock.advanceTo(START_MS + hour * HOUR_MS);
    for (const { id, fields } of account.clouds()) {
      everSeen.add(id);
      if (!fields.pending_delete) continue;
      pendingHours.set(id, (pendingHours.get(id) ?? 0) + 1);
      const stats = account.read<Json>(`/v1/clouds/${id}/stats`);
      expect(stats.cloud_state).toBe('PENDING-DELETE');
      expect(account.subscription(id)).toMatchObject({ subscription: { state: 'canceled' } });
    }
  }
  expect(everSeen.size).toBe(7);
  expect([...pendingHours.values()]).toEqual([72]);
  const [deletedId] = pendingHours.keys();
  expect(account.status(`/v1/clouds/${deletedId}`)).toBe(404);
  const deployed = JSON.stringify(account.read('/v1/orders'));
  for (const id of everSeen) expect(deployed).toContain(id);
});

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

test('what the product must drop is recognisable in accounts, orders and stats', () => {
  const account = new Account();
  const [cloud] = account.clouds();
  interface Profile {
    currency: string;
    account_access: unknown[];
  }
  const profile = account.read<Profile>('/v1/accounts/profile');
  expect(profile.currency).toBe('USD');
  expect(profile.account_access).toHaveLength(2);
  const organizationId = account.read<{ fields: { organization_id: string } }>(
    `/v1/clouds/${cloud?.id}`,
  ).fields.organization_id;
  for (const path of [
    '/v1/accounts/profile',
    `/v1/accounts/${organizationId}`,
    '/v1/orders',
    `/v1/clouds/${cloud?.id}/stats`,
  ]) {
    expect(account.call(path).body, path).toContain('SIMULATED-SECRET-');
  }
});
