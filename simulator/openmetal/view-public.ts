/** What needs no login: the catalogue, the pods and their stock. */
import { Random } from '../random.ts';
import {
  IP_BLOCKS,
  PODS,
  type Pod,
  type Price,
  SKUS,
  type Sku,
  serverCode,
  serverName,
  UNBILLED_SKU,
} from './catalogue.ts';
import { offset } from './format.ts';
import { HOUR_MS } from './terms.ts';
import type { OpenMetalWorld } from './world.ts';

/** Stock is counted six times a day. */
const STOCK_INTERVAL_MS = 4 * HOUR_MS;
const HOURS_PER_CYCLE = 720;

/** Prices as of now for one pod. */
export function productsView(world: OpenMetalWorld, podId: string): unknown {
  const hardware: Record<string, unknown> = {};
  for (const sku of SKUS) hardware[sku.name] = hardwareView(sku, world.price(sku, podId));
  return {
    hardware,
    addons: {
      memory: [
        {
          name: 'Memory - 64GB DDR5',
          add_on_code: 'memory_64gb_ddr5',
          ...priceMembers({ standardMils: 90, ltuMils: 70 }),
          type: 'memory',
          specs: {
            name: '64gb_ddr5',
            label: '64GB DDR5',
            memory: { id: 68, raw: '64', compute: '64', type: 'DDR5', speed: '4800Mhz' },
          },
        },
      ],
      storage: [
        {
          name: 'Drive - 12.8TB Micron 7450 MAX',
          add_on_code: 'drive_12_8_micron_7450_max',
          ...priceMembers({ standardMils: 510, ltuMils: 410 }),
          type: 'storage',
          specs: {
            name: '12.8TB Micron 7450 MAX',
            raw: '12800',
            model: 'Micron 7450 NVMe',
            storage: {
              id: 140,
              name: '12.8TB Micron 7450 MAX',
              model: 'MTFDKCC12T8TFS-1BC1ZABYYR',
              raw: '12800',
              type: 'nvme_ssd',
            },
          },
        },
      ],
      ip_block: IP_BLOCKS.map((block) => ({
        name: `IPv4 Block - /${block.prefixLength}`,
        add_on_code: block.code,
        ...priceMembers(block.price),
        type: 'ip_block',
      })),
      other: [],
    },
  };
}

/** The float members are what the real catalogue shows beside the exact mils. */
function priceMembers({ standardMils, ltuMils }: Price): Record<string, number> {
  return {
    hourly_cost: standardMils / 1000,
    hourly_cost_ltu: ltuMils / 1000,
    '30_day_cost': (ltuMils * HOURS_PER_CYCLE) / 1000,
    hourly_cost_mils: standardMils,
    hourly_cost_ltu_mils: ltuMils,
    '30_day_cost_mils': ltuMils * HOURS_PER_CYCLE,
  };
}

function hardwareView(sku: Sku, price: Price): unknown {
  // One product only where the price must be found from the SKU alone.
  const forms =
    sku.name === UNBILLED_SKU
      ? (['baremetal'] as const)
      : (['storage_and_compute', 'baremetal'] as const);
  return {
    id: sku.id,
    name: sku.name,
    model: sku.model,
    display_name: null,
    variant_label: sku.variant,
    createdAt: '2024-06-03T14:59:45.175Z',
    updatedAt: '2024-06-06T15:12:36.849Z',
    publishedAt: null,
    network: { id: 40 + sku.id, speed: 10, count: 2 },
    storage: storageView(sku),
    locations: Object.fromEntries(PODS.map((pod) => [pod.id, podView(pod)])),
    processor: {
      id: 50 + sku.id,
      raw_cores: sku.cores,
      compute_cores: sku.cores,
      raw_threads: sku.cores * 2,
      type: sku.processor,
      name: sku.processor,
      speed: `${Number(sku.frequencyMhz) / 1000}Ghz`,
      cpuCount: 1,
    },
    ram: {
      id: 50 + sku.id,
      raw: String(sku.ramGb),
      compute: String(sku.ramGb),
      type: sku.variant === 'v4' ? 'DDR5' : 'DDR4',
      speed: sku.variant === 'v4' ? '4400MHz' : '3200MHz',
    },
    gpu: null,
    products: forms.map((form) => ({
      name: serverName(sku, form),
      add_on_code: serverCode(sku, form),
      ...priceMembers(price),
      bandwidth: { id: 44, egress_allotment: sku.egressMbps, allotment_unit: 'Mbps' },
      type: 'server',
    })),
  };
}

function storageView(sku: Sku): unknown {
  return {
    nvme_ssd: {
      id: 100 + sku.id,
      name: 'nvme_ssd',
      model: null,
      raw: String(sku.driveGb * sku.driveCount),
      type: 'nvme_ssd',
      drives: [{ id: 118, raw: String(sku.driveGb), count: sku.driveCount }],
    },
    boot: {
      id: 126,
      name: 'boot',
      model: null,
      raw: '960',
      type: null,
      drives: [{ id: 117, raw: '480', count: 2 }],
    },
  };
}

function podView(pod: Pod): Record<string, unknown> {
  return {
    label: pod.label,
    displayName: pod.displayName,
    region: pod.region,
    code: pod.code,
    latitude: pod.latitude,
    longitude: pod.longitude,
    release_status: pod.releaseStatus,
  };
}

export function locationsView(): unknown {
  return { locations: Object.fromEntries(PODS.map((pod) => [pod.id, podView(pod)])) };
}

/** A number that stays the same between two stock counts. */
export function stockSlot(nowMs: number): number {
  return Math.floor(nowMs / STOCK_INTERVAL_MS);
}

export function availabilityView(seed: string, podId: string, slot: number): unknown {
  const random = new Random(`${seed}:stock:${podId}:${slot}`);
  const view: Record<string, unknown> = {};
  for (const sku of SKUS) {
    const count = random.between(0, 14);
    view[sku.name] = { count, max_size: random.between(Math.min(1, count), count) };
  }
  view.timestamp = offset(slot * STOCK_INTERVAL_MS);
  view.pod_location = podId;
  return view;
}
