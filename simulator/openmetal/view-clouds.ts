/** Clouds and their stats. */
import { type Sku, skuByName } from './catalogue.ts';
import { naive, zulu } from './format.ts';
import type { CloudState, NodeState, OpenMetalWorld } from './world.ts';

const BYTES_PER_GIB = 1024 ** 3;
const BYTES_PER_GB = 1e9;

export function cloudView(cloud: CloudState): unknown {
  const { plan } = cloud;
  return {
    id: plan.id,
    label: cloud.label,
    description: plan.description,
    created_at: zulu(plan.createdAtMs),
    fields: {
      cloud_type: plan.type,
      cloud_uuid: plan.uuid,
      cloud_version: '2.0',
      owner_name: plan.organization.name,
      organization_id: plan.organization.id,
      hostname: plan.hostAddress,
      order_id: plan.orderId,
      pod_location: plan.pod,
      provision_status: cloud.provisionedAtMs === null ? 'in_progress' : 'complete',
      ...(cloud.provisionedAtMs === null
        ? {}
        : { provision_completion_time: zulu(cloud.provisionedAtMs) }),
      pending_delete: cloud.deletedAtMs !== null && !cloud.isWiped,
    },
  };
}

export function cloudList(world: OpenMetalWorld): unknown[] {
  return [...world.clouds.values()].filter((cloud) => cloud.isListed).map(cloudView);
}

/** Nodes that are in the cloud now; a removed one leaves at once. */
export function statsView(cloud: CloudState, world: OpenMetalWorld): unknown {
  const { plan } = cloud;
  const nodes = cloud.nodes.filter((node) => node.removedAtMs === null && !cloud.isWiped);
  return {
    name: cloud.label,
    description: plan.description,
    label: `deploy-v2,${plan.type},${plan.type}-3.0.7`,
    cloud_uuid: plan.uuid,
    cloud_state: cloudStateName(cloud),
    cloud_hostname: plan.hostAddress,
    cloud_hosts: nodes.map((node) => node.plan.uuid),
    external_vip_address: plan.hostAddress,
    internal_vip_address: plan.internalVip,
    maintenance: false,
    creation_date: naive(plan.createdAtMs + 510),
    pending_number: 0,
    pending_tasks: [],
    pending_date: null,
    prevent_delete: false,
    nodes: nodes.map((node) => nodeView(node, cloud)),
    vlans: plan.vlans.map((vlan, index) => ({
      id: vlan.vlanId,
      uuid: vlan.uuid,
      label: vlan.label,
      vlan_type: vlan.type,
      state: vlan.type === 'routed' ? 'ROUTED' : 'ACTIVE',
      prefixes: [...world.prefixes.values()]
        .filter((prefix) => prefix.plan.cloudId === plan.id && prefix.plan.vlanIndex === index)
        .map(({ plan: { prefixId, cidr } }) => ({
          id: prefixId,
          cidr,
          prefix_type: vlan.type === 'routed' ? 'routed' : 'private',
          usage: vlan.label,
          status: vlan.type === 'routed' ? 'ROUTED' : 'ACTIVE',
          managed_addressing: 'off',
          ip_addrs: [],
        })),
    })),
    keys: [{ cloud_uuid: plan.uuid, public_key: plan.sshKey }],
  };
}

function cloudStateName(cloud: CloudState): string {
  if (cloud.isWiped) return 'DELETED';
  if (cloud.deletedAtMs !== null) return 'PENDING-DELETE';
  return cloud.provisionedAtMs === null ? 'PROVISIONING' : 'RUNNING';
}

function nodeView(node: NodeState, cloud: CloudState): unknown {
  const sku = skuByName(cloud.plan.sku);
  const { plan } = node;
  const vlan = cloud.plan.vlans[0];
  const isCore = cloud.plan.type === 'pcc';
  return {
    uuid: plan.uuid,
    state: 'active',
    power_state: node.isOn ? 'power on' : 'power off',
    hostname: plan.hostname,
    type: sku.internalType,
    cpu: sku.cores * 2,
    memory: `${Math.ceil((sku.ramGb * BYTES_PER_GIB) / BYTES_PER_GB)} GB`,
    rack: plan.rack,
    chassis: plan.chassis,
    disks: diskNames(sku).map(({ name, gb, isRoot }) => ({
      name,
      size: `${gb} GB`,
      root: isRoot,
    })),
    labels: isCore ? ['control', 'storage', 'compute'] : [],
    kolla_services: { control: isCore },
    ceph_services: { osds: isCore },
    networks: [{ mac_address: plan.mac }],
    ipaddress: plan.address,
    vlans: [{ vlan: vlan?.vlanId, ip: `${plan.address}/28`, mtu: 1500, label: vlan?.label }],
    maintenance: false,
    creation_date: naive(plan.boughtAtMs),
    last_updated: naive(node.changedAtMs),
    assigned_date: naive(node.assignedAtMs),
    properties: nodeProperties(sku),
  };
}

function nodeProperties(sku: Sku): unknown {
  const disks = diskNames(sku).map(({ name, gb, isRoot }) => ({
    name,
    model: isRoot ? 'Micron_5400_MTFDDAK480TGA' : 'Micron_7450_MTFDKCC6T4TFR',
    size: gb * BYTES_PER_GB,
    rotational: false,
  }));
  return {
    cpu: {
      model_name: sku.processor,
      frequency: sku.frequencyMhz,
      count: sku.cores * 2,
      architecture: 'x86_64',
    },
    memory: { total: sku.ramGb * BYTES_PER_GIB, physical_mb: sku.ramGb * 1024 },
    root_disk: disks[0],
    disks,
  };
}

function diskNames(sku: Sku): { name: string; gb: number; isRoot: boolean }[] {
  const data = Array.from({ length: sku.driveCount }, (_, index) => ({
    name: `/dev/nvme${index}n1`,
    gb: sku.driveGb,
    isRoot: false,
  }));
  return [{ name: '/dev/sda', gb: 480, isRoot: true }, ...data];
}
