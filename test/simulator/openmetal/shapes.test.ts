/** The documented keys and date styles, and the secrets that a client must drop. */
import { expect, test } from 'vitest';
import { Account, type Json } from './support.ts';

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
