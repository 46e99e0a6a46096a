/** Small draws that every part of the world's generation uses. */
import type { Random } from '../random.ts';
import {
  IP_BLOCKS,
  podPercent,
  REPRICED_SKU,
  serverCode,
  serverName,
  skuByName,
  skuPrice,
} from './catalogue.ts';
import type { AssetPlan, CloudPlan, NodePlan, VlanPlan } from './types.ts';

export const MINUTE_MS = 60 * 1000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ADJECTIVES = ['great', 'calm', 'brave', 'quick', 'lucky', 'proud', 'keen', 'witty'];
const ANIMALS = ['wombat', 'heron', 'otter', 'lynx', 'falcon', 'badger', 'ibex', 'marten'];

/** The catalogue's one price change, and the numbers that must be unique in the whole world. */
export class WorldBook {
  readonly repriceAtMs: number;
  readonly repricePercent = 104;
  #assetId = 12_581;
  #prefixId = 4_410;
  #vlanId = 100;

  constructor(repriceAtMs: number) {
    this.repriceAtMs = repriceAtMs;
  }

  nextAssetId(): number {
    this.#assetId += 1;
    return this.#assetId;
  }

  nextPrefixId(): number {
    this.#prefixId += 1;
    return this.#prefixId;
  }

  nextVlanId(): number {
    this.#vlanId += 1;
    return this.#vlanId;
  }

  /** The billing line of a server that joins the cloud now. */
  serverAsset(cloud: CloudPlan, atMs: number): AssetPlan {
    const sku = skuByName(cloud.sku);
    const isRepriced = sku.name === REPRICED_SKU && atMs >= this.repriceAtMs;
    const price = skuPrice(sku, podPercent(cloud.pod), isRepriced ? this.repricePercent : 100);
    const form = cloud.type === 'pcc' ? 'storage_and_compute' : 'baremetal';
    return {
      id: this.nextAssetId(),
      code: serverCode(sku, form),
      name: `${serverName(sku, form)} (Long Term Usage)`,
      centsPerHour: agreedCents(cloud, price.ltuMils),
      milsPerHour: price.ltuMils,
    };
  }

  /** The billing line of a routed IP block that a user made. */
  ipBlockAsset(code: string): AssetPlan {
    const block = IP_BLOCKS.find((candidate) => candidate.code === code);
    if (block === undefined) throw new RangeError(`unknown IP block: ${code}`);
    return {
      id: this.nextAssetId(),
      code,
      name: `IPv4 Block - /${block.prefixLength} (Long Term Usage)`,
      centsPerHour: block.price.ltuMils / 10,
      milsPerHour: block.price.ltuMils,
    };
  }
}

/** Whoever is billed and cannot see it pays an agreed rate, an eighth below the catalogue's. */
function agreedCents(cloud: CloudPlan, mils: number): number {
  const isUnseen = cloud.isInvoiced && !cloud.organization.hasBilling;
  return Math.round(((isUnseen ? 88 : 100) * mils) / 1000);
}

/** A short opaque id such as `PGZYNxBpg3`. */
export function hashId(random: Random): string {
  return Array.from({ length: 10 }, () => BASE62.charAt(random.between(0, 61))).join('');
}

export function wholeSecond(random: Random, lowMs: number, highMs: number): number {
  const low = Math.ceil(lowMs / 1000);
  return random.between(low, Math.max(low, Math.floor(highMs / 1000))) * 1000;
}

/** A block of the given prefix length at an aligned address. */
export function drawCidr(random: Random, prefixLength: number): string {
  const size = 2 ** (32 - prefixLength);
  const offset = random.between(0, 256 / size - 1) * size;
  return `108.${random.between(60, 90)}.${random.between(0, 255)}.${offset}/${prefixLength}`;
}

export function drawNode(random: Random, beforeMs: number): NodePlan {
  const macTail = [0, 1, 2].map(() => random.hex(2)).join(':');
  return {
    uuid: random.uuid(),
    hostname: `${random.pick(ADJECTIVES)}-${random.pick(ANIMALS)}.local`,
    address: `198.51.100.${random.between(10, 250)}`,
    mac: `ac:1f:6b:${macTail}`,
    rack: String(random.between(100, 620)),
    chassis: String(random.between(1, 44)),
    boughtAtMs: beforeMs - random.between(60, 900) * DAY_MS - random.between(0, 86_399_999),
  };
}

export function drawVlans(random: Random, book: WorldBook): VlanPlan[] {
  return ['inventory', 'control', 'storage', 'provider'].map((label) => ({
    id: hashId(random),
    vlanId: book.nextVlanId(),
    uuid: random.uuid(),
    label,
    type: label === 'inventory' || label === 'provider' ? 'routed' : 'internal',
  }));
}
