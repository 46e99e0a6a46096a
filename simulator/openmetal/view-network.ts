/** Orders, IP blocks and VLANs. */
import { offset } from './format.ts';
import type { Organization } from './types.ts';
import type { CloudState, OpenMetalWorld, OrderState, PrefixState } from './world.ts';

/** List items carry `relation`, the detail carries `access`. */
export function orderView(
  order: OrderState,
  world: OpenMetalWorld,
  form: 'list' | 'detail',
): unknown {
  const { plan } = order;
  const cloud = order.cloudId === null ? undefined : world.clouds.get(order.cloudId);
  const { organization } = plan;
  const access = {
    account_id: organization.id,
    uuid: organization.uuid,
    type: 'organization',
    display_name: organization.name,
    role: organization.role,
    has_billing: organization.hasBilling,
  };
  return {
    id: plan.id,
    type: 'orders',
    label: plan.label,
    description: `${plan.quantity} x ${plan.sku} in ${plan.pod}`,
    created_at: offset(order.createdAtMs),
    updated_at: offset(order.updatedAtMs),
    is_active: true,
    created_by: centralUser(organization),
    fields: {
      items: [
        {
          hardware_sku: plan.sku,
          location: plan.pod,
          type: plan.type,
          quantity: plan.quantity,
          ...(plan.targetCloudId === null ? {} : { cloud_id: plan.targetCloudId }),
          modifications: { operating_system: { os_key: 'Ubuntu', version_key: '22.04 LTS' } },
        },
      ],
      config_options: {
        public_key_ids: [plan.id.toLowerCase()],
        public_key: `ssh-ed25519 SIMULATED-SECRET-ORDER-KEY-${plan.id}`,
      },
      organization_id: organization.id,
      schema_version: 'v2',
      clouds_deployed: cloud === undefined ? [] : [deployedCloud(cloud)],
    },
    ...(form === 'list' ? { relation: { access } } : { access: { role: organization.role } }),
  };
}

function deployedCloud(cloud: CloudState): unknown {
  const isComplete = cloud.provisionedAtMs !== null;
  return { id: cloud.plan.id, provision_status: isComplete ? 'complete' : 'in_progress' };
}

export function orderList(world: OpenMetalWorld): unknown[] {
  return [...world.orders.values()].map((order) => orderView(order, world, 'list'));
}

export function prefixView(prefix: PrefixState, world: OpenMetalWorld): unknown {
  const { plan } = prefix;
  const cloud = world.clouds.get(plan.cloudId);
  const vlan = cloud?.plan.vlans[plan.vlanIndex];
  const at = offset(prefix.createdAtMs);
  return {
    id: plan.id,
    type: 'prefixes',
    label: plan.label,
    description: `${plan.prefixType} block`,
    created_at: at,
    updated_at: at,
    is_active: true,
    created_by: cloud === undefined ? null : centralUser(cloud.plan.organization),
    fields: {
      created_from: plan.createdFrom,
      prefix_type: plan.prefixType,
      ...(plan.addonCode === null ? {} : { product_addon: plan.addonCode }),
      cloud_id: plan.cloudId,
      cidr: plan.cidr,
      length: Number(plan.cidr.split('/')[1]),
      pod_location: plan.pod,
      prefix_id: plan.prefixId,
      vlan_id: vlan?.vlanId,
      vlan_uuid: vlan?.uuid,
      central_vlan_id: vlan?.id,
      managed_addressing: 'off',
      alterable: plan.createdFrom === 'user',
    },
  };
}

export function prefixList(world: OpenMetalWorld): unknown[] {
  return [...world.prefixes.values()].map((prefix) => prefixView(prefix, world));
}

export function vlanList(world: OpenMetalWorld): { id: string }[] {
  const clouds = [...world.clouds.values()].filter((cloud) => cloud.isListed);
  return clouds.flatMap(cloudVlans);
}

function cloudVlans(cloud: CloudState): { id: string }[] {
  const { plan } = cloud;
  const at = offset(plan.createdAtMs);
  return plan.vlans.map((vlan) => ({
    id: vlan.id,
    type: 'vlans',
    label: vlan.label,
    description: `${vlan.label} network`,
    created_at: at,
    updated_at: at,
    is_active: true,
    created_by: centralUser(plan.organization),
    fields: {
      created_from: 'central',
      pod_location: plan.pod,
      vlan_id: vlan.vlanId,
      vlan_uuid: vlan.uuid,
      vlan_type: vlan.type,
      alterable: false,
      cloud_id: plan.id,
    },
  }));
}

/** An opaque user id; one user per organisation placed everything. */
function centralUser(organization: Organization): string {
  return [...organization.id].reverse().join('');
}
