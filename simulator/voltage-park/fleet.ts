/** What the simulated organisation rents, and how the live part of it follows the clock. */
import type { OfferedPrices } from './types.ts';

export type VirtualMachineStatus = 'Running' | 'Stopped' | 'StoppedDisassociated';

export interface VirtualMachine {
  readonly id: string;
  readonly hostNodeId: string;
  readonly type: 'ondem' | 'spot';
  readonly status: VirtualMachineStatus;
  readonly name: string;
  readonly gpuModel: string;
  /** 0 for a machine without GPUs. */
  readonly gpuCount: number;
  readonly vcpuCount: number;
  readonly ramGb: number;
  readonly storageGb: number;
  readonly operatingSystem: string;
  /** The unit prices this machine pays, which are not always the ones offered now. */
  readonly prices: OfferedPrices;
  readonly publicIp: string;
  readonly externalSshPort: number;
  readonly createdMs: number;
  readonly tags: readonly string[];
}

export type NetworkType = 'ethernet' | 'infiniband';

export interface BareMetalRental {
  readonly id: string;
  readonly name: string;
  readonly createdMs: number;
  readonly status: 'Pending' | 'Running';
  readonly powerStatus: 'Running' | 'Stopped';
  readonly nodeCount: number;
  readonly networkType: NetworkType;
  readonly gpuMicroUsdPerHour: bigint;
  readonly subOrder: string;
  readonly kubernetesClusterId: string;
  /** Third byte of the addresses of its nodes. */
  readonly subnet: number;
  readonly tags: readonly string[];
}

export interface StorageVolume {
  readonly id: string;
  readonly name: string;
  readonly sizeGb: number;
  readonly status: 'active' | 'inactive';
  readonly microUsdPer100GbHour: bigint;
  readonly rentalIds: readonly string[];
  readonly virtualIp: string;
  readonly createdMs: number;
}

export const GPUS_PER_NODE = 8;

export interface VirtualMachineRates {
  readonly gpus: bigint;
  readonly vcpus: bigint;
  readonly ram: bigint;
  readonly storage: bigint;
}

/** The parts of a virtual machine's price, micro-USD per hour. */
export function virtualMachineRates(machine: VirtualMachine): VirtualMachineRates {
  const { prices } = machine;
  const perGpu = machine.gpuCount === 0 ? 0n : (prices.gpu[machine.gpuModel] ?? 0n);
  return {
    gpus: perGpu * BigInt(machine.gpuCount),
    vcpus: prices.vcpu * BigInt(machine.vcpuCount),
    ram: prices.ramGb * BigInt(machine.ramGb),
    storage: prices.storageGb * BigInt(machine.storageGb),
  };
}

/** Micro-USD per hour of the whole rental. Powered off or rebooting makes no difference. */
export function rentalRate(rental: BareMetalRental): bigint {
  return rental.gpuMicroUsdPerHour * BigInt(GPUS_PER_NODE * rental.nodeCount);
}

/** Micro-USD per hour of the provisioned size, attached or not. */
export function volumeRate(volume: StorageVolume): bigint {
  return (volume.microUsdPer100GbHour * BigInt(volume.sizeGb)) / 100n;
}

/** One event in a resource's life. `state` is null when the resource is terminated. */
export interface Change<State> {
  readonly atMs: number;
  readonly state: State | null;
}

/** A resource's whole life, earliest change first. */
export interface Timeline<State> {
  readonly id: string;
  readonly changes: readonly Change<State>[];
}

/** The resources of one kind that exist at the cursor, in the order in which they were created. */
export class LiveSet<State> {
  readonly #log: readonly (Change<State> & { readonly id: string })[];
  readonly #live = new Map<string, State>();
  #cursor = 0;

  constructor(timelines: readonly Timeline<State>[]) {
    this.#log = timelines
      .flatMap(({ id, changes }) => changes.map((change) => ({ id, ...change })))
      .sort((left, right) => left.atMs - right.atMs);
  }

  /** Applies every event up to and including `nowMs`. The cursor never goes back. */
  advanceTo(nowMs: number): void {
    for (;;) {
      const event = this.#log[this.#cursor];
      if (event === undefined || event.atMs > nowMs) return;
      if (event.state === null) this.#live.delete(event.id);
      else this.#live.set(event.id, event.state);
      this.#cursor += 1;
    }
  }

  all(): State[] {
    return [...this.#live.values()];
  }

  get(id: string): State | undefined {
    return this.#live.get(id);
  }
}
