/** Where Voltage Park has machines, how many are free, and how it publishes what they cost. */
import { Random } from '../random.ts';
import { HOUR_MS } from './durations.ts';
import { GPUS_PER_NODE } from './fleet.ts';
import { GPU_MODEL_H100, GPU_MODEL_H200, usdText } from './prices.ts';
import type { HostNode, OfferedPrices } from './types.ts';
import { RAM_GB_PER_GPU, STORAGE_GB_PER_GPU, VCPUS_PER_GPU } from './virtual-machines.ts';

interface Location {
  readonly id: string;
  readonly city: string;
  readonly region: string;
  readonly country: string;
  readonly hasBareMetal: boolean;
  readonly hostNodes: readonly HostNode[];
}

interface Preset {
  readonly id: string;
  readonly gpuModel: string;
  readonly gpuCount: number;
}

/** What is free during one stretch of hours. */
interface Stock {
  readonly stretch: number;
  readonly freeGpusByHostNode: ReadonlyMap<string, number>;
  readonly bareMetalGpusByLocation: ReadonlyMap<string, { ethernet: number; infiniband: number }>;
}

const STOCK_STRETCH_MS = 6 * HOUR_MS;
const BARE_METAL_LOCATION_COUNT = 2;

const CITIES = [
  { city: 'Dallas', region: 'Texas', country: 'United States' },
  { city: 'Quincy', region: 'Washington', country: 'United States' },
  { city: 'Ashburn', region: 'Virginia', country: 'United States' },
  { city: 'Salt Lake City', region: 'Utah', country: 'United States' },
  { city: 'Puyallup', region: 'Washington', country: 'United States' },
] as const;

export const BARE_METAL_SPECS = {
  gpu_model: GPU_MODEL_H100,
  gpu_count: GPUS_PER_NODE,
  cpu_model: 'Intel Xeon Platinum 8470',
  cpu_count: 104,
  ram_gb: 1024,
  storage_gb: 27_000,
};

export class Market {
  readonly #seed: string;
  readonly #lastStretch: number;
  readonly #locations: readonly Location[];
  readonly #presets: readonly Preset[];
  #stock: Stock | undefined;

  constructor(random: Random, endMs: number) {
    this.#seed = random.hex(16);
    this.#lastStretch = Math.floor((endMs - 1) / STOCK_STRETCH_MS);
    this.#locations = CITIES.map((place, index) => drawLocation(random, place, index));
    this.#presets = [
      ...[1, 2, 4, 8].map((gpuCount) => ({
        id: random.uuid(),
        gpuModel: GPU_MODEL_H100,
        gpuCount,
      })),
      { id: random.uuid(), gpuModel: GPU_MODEL_H200, gpuCount: 8 },
    ];
  }

  get hostNodes(): HostNode[] {
    return this.#locations.flatMap((location) => location.hostNodes);
  }

  /** Rows of `/bare-metal/locations`. */
  bareMetalLocations(nowMs: number, prices: OfferedPrices): object[] {
    const { bareMetalGpusByLocation } = this.#stockAt(nowMs);
    return this.#locations
      .filter((location) => location.hasBareMetal)
      .map((location) => ({
        id: location.id,
        gpu_count_ethernet: bareMetalGpusByLocation.get(location.id)?.ethernet ?? 0,
        gpu_price_ethernet: jsonNumber(prices.bareMetalGpu.ethernet),
        gpu_count_infiniband: bareMetalGpusByLocation.get(location.id)?.infiniband ?? 0,
        gpu_price_infiniband: jsonNumber(prices.bareMetalGpu.infiniband),
        specs_per_node: BARE_METAL_SPECS,
      }));
  }

  /** Rows of `/instant-deploy-presets/`. */
  presets(nowMs: number, prices: OfferedPrices) {
    const stock = this.#stockAt(nowMs);
    return this.#presets.map((preset) => ({
      ...presetWire(preset, prices),
      location_ids_with_availability: this.#locations
        .filter((location) => freeMachines(location, preset, stock) > 0)
        .map((location) => location.id),
    }));
  }

  /** Rows of `/virtual-machines/instant/locations`. */
  instantLocations(nowMs: number, prices: OfferedPrices) {
    const stock = this.#stockAt(nowMs);
    return this.#locations.map((location) => ({
      id: location.id,
      available_presets: this.#presets
        .map((preset) => ({
          ...presetWire(preset, prices),
          available_vms: freeMachines(location, preset, stock),
        }))
        .filter((preset) => preset.available_vms > 0),
    }));
  }

  /** Rows of `/locations/`. Only host nodes with something free are listed. */
  locations(nowMs: number, prices: OfferedPrices) {
    const { freeGpusByHostNode } = this.#stockAt(nowMs);
    return this.#locations.map(({ id, city, region, country, hostNodes }) => ({
      id,
      city,
      region,
      country,
      hostnodes: hostNodes
        .filter((hostNode) => (freeGpusByHostNode.get(hostNode.id) ?? 0) > 0)
        .map((hostNode) => hostNodeWire(hostNode, freeGpusByHostNode, prices)),
    }));
  }

  hostNode(id: string, nowMs: number, prices: OfferedPrices): object | undefined {
    const hostNode = this.hostNodes.find((candidate) => candidate.id === id);
    if (hostNode === undefined) return undefined;
    return hostNodeWire(hostNode, this.#stockAt(nowMs).freeGpusByHostNode, prices);
  }

  /** Drawn afresh for each stretch from the stretch's own number, so it needs no history. */
  #stockAt(nowMs: number): Stock {
    const stretch = Math.min(Math.floor(nowMs / STOCK_STRETCH_MS), this.#lastStretch);
    if (this.#stock?.stretch === stretch) return this.#stock;
    const random = new Random(`${this.#seed}:${stretch}`);
    const freeGpus = (): number => (random.chance(0.4) ? 0 : random.between(1, GPUS_PER_NODE));
    const freeNodes = (): number => Math.max(0, random.between(-4, 6));
    this.#stock = {
      stretch,
      freeGpusByHostNode: new Map(this.hostNodes.map((hostNode) => [hostNode.id, freeGpus()])),
      bareMetalGpusByLocation: new Map(
        this.#locations.map((location) => [
          location.id,
          { ethernet: freeNodes() * GPUS_PER_NODE, infiniband: freeNodes() * GPUS_PER_NODE },
        ]),
      ),
    };
    return this.#stock;
  }
}

function drawLocation(random: Random, place: (typeof CITIES)[number], index: number): Location {
  const id = random.uuid();
  const isLast = index === CITIES.length - 1;
  const hostNodes = Array.from({ length: random.between(2, 4) }, () => ({
    id: random.uuid(),
    locationId: id,
    gpuModel: isLast ? GPU_MODEL_H200 : GPU_MODEL_H100,
  }));
  return { id, ...place, hasBareMetal: index < BARE_METAL_LOCATION_COUNT, hostNodes };
}

function freeMachines(location: Location, preset: Preset, stock: Stock): number {
  return location.hostNodes
    .filter((hostNode) => hostNode.gpuModel === preset.gpuModel)
    .map((hostNode) => stock.freeGpusByHostNode.get(hostNode.id) ?? 0)
    .reduce((total, freeGpus) => total + Math.floor(freeGpus / preset.gpuCount), 0);
}

function presetWire(preset: Preset, prices: OfferedPrices) {
  const gpuCount = BigInt(preset.gpuCount);
  const perGpu =
    (prices.gpu[preset.gpuModel] ?? 0n) +
    prices.vcpu * BigInt(VCPUS_PER_GPU) +
    prices.ramGb * BigInt(RAM_GB_PER_GPU);
  return {
    id: preset.id,
    resources: {
      gpus: { [preset.gpuModel]: { count: preset.gpuCount } },
      vcpu_count: preset.gpuCount * VCPUS_PER_GPU,
      ram_gb: preset.gpuCount * RAM_GB_PER_GPU,
      storage_gb: preset.gpuCount * STORAGE_GB_PER_GPU,
    },
    operating_system: 'Ubuntu 22.04 LTS',
    compute_rate_hourly: usdText(perGpu * gpuCount),
    storage_rate_hourly: usdText(prices.storageGb * BigInt(STORAGE_GB_PER_GPU) * gpuCount),
  };
}

function hostNodeWire(
  hostNode: HostNode,
  freeGpusByHostNode: ReadonlyMap<string, number>,
  prices: OfferedPrices,
): object {
  const freeGpus = freeGpusByHostNode.get(hostNode.id) ?? 0;
  return {
    id: hostNode.id,
    location_id: hostNode.locationId,
    available_resources: {
      gpus: { [hostNode.gpuModel]: { count: freeGpus } },
      ram_gb: freeGpus * RAM_GB_PER_GPU,
      storage_gb: freeGpus * STORAGE_GB_PER_GPU,
      vcpu_count: freeGpus * VCPUS_PER_GPU,
    },
    pricing: {
      per_gpu_hr: { [hostNode.gpuModel]: usdText(prices.gpu[hostNode.gpuModel] ?? 0n) },
      per_vcpu_hr: usdText(prices.vcpu),
      per_gb_ram_hr: usdText(prices.ramGb),
      per_gb_storage_hr: usdText(prices.storageGb),
    },
    available_ports: [20_040, 20_041, 20_042],
  };
}

/** The document shows these prices as JSON numbers; whole cents survive the conversion. */
function jsonNumber(microUsd: bigint): number {
  return Number(usdText(microUsd));
}
