/** How the inventory looks on the wire. */
import type { ReadingOf } from '../readings.ts';
import { HOUR_MS } from './durations.ts';
import {
  type BareMetalRental,
  rentalRate,
  type StorageVolume,
  type VirtualMachine,
  virtualMachineRates,
  volumeRate,
} from './fleet.ts';
import { instantText } from './ledger.ts';
import { BARE_METAL_SPECS } from './market.ts';
import { usdText } from './prices.ts';

/** Never shown outside the simulator unless a client leaks it: tests look for this text. */
const SECRET_KUBECONFIG = 'SIMULATED-KUBECONFIG-SECRET';

const BYTES_PER_GB = 1_000_000_000;
const TENANT_ID = 417;

export function virtualMachineWire(machine: VirtualMachine): object {
  const rates = virtualMachineRates(machine);
  const associated = rates.gpus + rates.vcpus + rates.ram + rates.storage;
  return {
    id: machine.id,
    hostnode_id: machine.hostNodeId,
    type: machine.type,
    status: machine.status,
    name: machine.name,
    resources: {
      gpus: machine.gpuCount === 0 ? {} : { [machine.gpuModel]: { count: machine.gpuCount } },
      vcpu_count: machine.vcpuCount,
      ram_gb: machine.ramGb,
      storage_gb: machine.storageGb,
    },
    operating_system: machine.operatingSystem,
    pricing: {
      gpus_per_hr: usdText(rates.gpus),
      vcpus_per_hr: usdText(rates.vcpus),
      ram_per_hr: usdText(rates.ram),
      storage_per_hr: usdText(rates.storage),
      total_associated_per_hr: usdText(associated),
      total_disassociated_per_hr: usdText(rates.storage),
    },
    public_ip: machine.status === 'StoppedDisassociated' ? null : machine.publicIp,
    port_forwards: [{ internal_port: 22, external_port: machine.externalSshPort }],
    timestamp_creation: instantText(machine.createdMs),
    tags: machine.tags,
  };
}

/** A pending rental, also one that reboots, shows five fields; the others are missing, not null. */
export function rentalWire(
  rental: BareMetalRental,
  volumes: readonly StorageVolume[],
  rateOf: ReadingOf<'voltage-park.rental-rate'>,
): object {
  const head = {
    id: rental.id,
    name: rental.name,
    creation_timestamp: instantText(rental.createdMs),
    status: rental.status,
  };
  const nodes = rateOf === 'node' ? BigInt(rental.nodeCount) : 1n;
  const rateHourly = usdText(rentalRate(rental) / nodes);
  if (rental.status === 'Pending') return { ...head, rate_hourly: rateHourly };
  const volume = volumes.find((candidate) => candidate.rentalIds.includes(rental.id));
  return {
    ...head,
    power_status: rental.powerStatus,
    node_count: rental.nodeCount,
    specs_per_node: BARE_METAL_SPECS,
    rate_hourly: rateHourly,
    network_type: rental.networkType,
    username: 'ubuntu',
    node_networking: Array.from({ length: rental.nodeCount }, (_, node) => ({
      public_ip: `203.0.${rental.subnet}.${node + 10}`,
      private_ip: `10.40.${rental.subnet}.${node + 10}`,
    })),
    sub_order: rental.subOrder,
    storage_id: volume?.id ?? null,
    storage_pv: volume === undefined ? null : `pv-${volume.name}`,
    storage_pvc: volume === undefined ? null : `pvc-${volume.name}`,
    k8s_cluster_id: rental.kubernetesClusterId,
    kubeconfig: `apiVersion: v1\nkind: Config\ntoken: ${SECRET_KUBECONFIG}\n`,
    tags: rental.tags,
  };
}

export function volumeWire(volume: StorageVolume): object {
  return {
    id: volume.id,
    size_in_gb: volume.sizeGb,
    name: volume.name,
    status: volume.status,
    rate_hourly: usdText(volumeRate(volume)),
    order_ids: volume.rentalIds,
    tenant_id: TENANT_ID,
    vip: volume.virtualIp,
  };
}

/** Volumes fill by a gigabyte every two hours, up to nine tenths of their size. */
export function volumeDetailWire(volume: StorageVolume, nowMs: number): object {
  const grownGb = Math.floor((nowMs - volume.createdMs) / (2 * HOUR_MS));
  const usedGb = Math.min(Math.floor(volume.sizeGb / 4) + grownGb, Math.floor(volume.sizeGb * 0.9));
  return { used_capacity_bytes: usedGb * BYTES_PER_GB, ...volumeWire(volume) };
}
