/** Lives through the event log. */

import { type Readings, readingOf } from '../readings.ts';
import { type Price, podPercent, type Sku, skuPrice } from './catalogue.ts';
import type { RateStep } from './rates.ts';
import type {
  AssetPlan,
  CloudPlan,
  NodePlan,
  OpenMetalEvent,
  OrderPlan,
  PrefixPlan,
} from './types.ts';

export interface NodeState {
  readonly plan: NodePlan;
  /** As it is told now. */
  assignedAtMs: number;
  removedAtMs: number | null;
  isOn: boolean;
  changedAtMs: number;
}

export interface AssetState {
  readonly plan: AssetPlan;
  readonly node: NodeState | null;
  /** Whole seconds: the subscription shows no finer instant. */
  readonly createdAtMs: number;
  removedAtMs: number | null;
  owesUntilMs: number | null;
  /** The IP block that is billed; null for a node. */
  readonly prefixId: string | null;
  /** True when the bill still holds its hours and its log no longer shows it. */
  isUnlisted: boolean;
  /** Earliest first. */
  readonly rates: RateStep[];
}

export interface CloudState {
  readonly plan: CloudPlan;
  label: string;
  provisionedAtMs: number | null;
  deletedAtMs: number | null;
  /** False once the wiped cloud has left every list. */
  isListed: boolean;
  isWiped: boolean;
  /** Removed ones included. */
  readonly nodes: NodeState[];
  readonly assets: AssetState[];
}

export interface PrefixState {
  readonly plan: PrefixPlan;
  readonly createdAtMs: number;
  readonly asset: AssetState | null;
}

export interface OrderState {
  readonly plan: OrderPlan;
  readonly createdAtMs: number;
  updatedAtMs: number;
  cloudId: string | null;
}

export class OpenMetalWorld {
  readonly clouds = new Map<string, CloudState>();
  readonly prefixes = new Map<string, PrefixState>();
  readonly orders = new Map<string, OrderState>();
  readonly #pricePercents = new Map<string, number>();
  readonly #events: readonly OpenMetalEvent[];
  readonly #readings: Readings;
  #cursor = 0;

  /** Events of one instant happen in the order given. */
  constructor(events: readonly OpenMetalEvent[], readings: Readings = {}) {
    this.#readings = readings;
    this.#events = events.toSorted((a, b) => a.atMs - b.atMs);
  }

  /** How many events have happened: equal numbers mean an equal state. */
  get version(): number {
    return this.#cursor;
  }

  /** The catalogue price in force now. */
  price(sku: Sku, podId: string): Price {
    return skuPrice(sku, podPercent(podId), this.#pricePercents.get(sku.name) ?? 100);
  }

  listedCloud(cloudId: string): CloudState | undefined {
    const cloud = this.clouds.get(cloudId);
    return cloud?.isListed === true ? cloud : undefined;
  }

  advanceTo(nowMs: number): void {
    for (;;) {
      const event = this.#events[this.#cursor];
      if (event === undefined || event.atMs > nowMs) return;
      this.#apply(event);
      this.#cursor += 1;
    }
  }

  #apply(event: OpenMetalEvent): void {
    switch (event.kind) {
      case 'ordered': {
        const { order, atMs } = event;
        const state = { plan: order, createdAtMs: atMs, updatedAtMs: atMs, cloudId: null };
        this.orders.set(order.id, state);
        return;
      }
      case 'cloud-created':
        this.#createCloud(event);
        return;
      case 'provisioned':
        this.#provision(event.cloudId, event.atMs);
        return;
      case 'relabelled':
        this.#cloud(event.cloudId).label = event.label;
        return;
      case 'node-added':
        this.#addNode(event);
        return;
      case 'node-removed':
        this.#removeNode(event);
        return;
      case 'node-moved':
        this.#moveNode(event);
        return;
      case 'assignment-restated':
        runningNode(this.#cloud(event.cloudId), event.nodeUuid).assignedAtMs += event.byMs;
        return;
      case 'node-power': {
        const node = runningNode(this.#cloud(event.cloudId), event.nodeUuid);
        node.isOn = event.isOn;
        node.changedAtMs = event.atMs;
        return;
      }
      case 'prefix-added':
        this.#addPrefix(event);
        return;
      case 'prefix-removed':
        this.#removePrefix(event.prefixId, event.atMs);
        return;
      case 'cloud-deleted':
        this.#deleteCloud(this.#cloud(event.cloudId), event.atMs);
        return;
      case 'cloud-gone':
        this.#wipeCloud(event.cloudId);
        return;
      case 'assets-repriced':
        repriceAssets(this.#cloud(event.cloudId), event.percent, event.atMs);
        return;
      case 'product-repriced':
        this.#pricePercents.set(event.sku, event.pricePercent);
    }
  }

  #createCloud(event: OpenMetalEvent & { kind: 'cloud-created' }): void {
    this.clouds.set(event.cloud.id, {
      plan: event.cloud,
      label: event.label,
      provisionedAtMs: null,
      deletedAtMs: null,
      isListed: true,
      isWiped: false,
      nodes: [],
      assets: [],
    });
    const order = this.orders.get(event.cloud.orderId);
    if (order === undefined) return;
    order.cloudId = event.cloud.id;
    order.updatedAtMs = event.atMs;
  }

  #provision(cloudId: string, atMs: number): void {
    const cloud = this.#cloud(cloudId);
    cloud.provisionedAtMs = atMs;
    const order = this.orders.get(cloud.plan.orderId);
    if (order !== undefined) order.updatedAtMs = atMs;
  }

  #addNode(event: OpenMetalEvent & { kind: 'node-added' }): void {
    const cloud = this.#cloud(event.cloudId);
    const node: NodeState = {
      plan: event.node,
      assignedAtMs: event.atMs,
      removedAtMs: null,
      isOn: true,
      changedAtMs: event.atMs,
    };
    cloud.nodes.push(node);
    const asset = newAsset(event.asset, node, null, event.atMs);
    // What owes to the end of the term is not charged a second time when it comes back.
    const earlier = cloud.assets.findLast(({ plan }) => plan.id === event.asset.id);
    if (earlier !== undefined) earlier.owesUntilMs ??= asset.createdAtMs;
    cloud.assets.push(asset);
  }

  #removeNode(event: { cloudId: string; nodeUuid: string; atMs: number }): AssetState[] {
    const cloud = this.#cloud(event.cloudId);
    const node = runningNode(cloud, event.nodeUuid);
    node.removedAtMs = event.atMs;
    const assets = cloud.assets.filter((asset) => asset.node === node);
    for (const asset of assets) this.#removeAsset(asset, event.atMs);
    return assets;
  }

  #removeAsset(asset: AssetState, atMs: number): void {
    asset.removedAtMs ??= atMs;
    if (readingOf({ readings: this.#readings }, 'openmetal.removal') === 'removal') {
      asset.owesUntilMs ??= asset.removedAtMs;
    }
  }

  #moveNode(event: OpenMetalEvent & { kind: 'node-moved' }): void {
    for (const asset of this.#removeNode(event)) {
      asset.isUnlisted = true;
      const { atMs, toCloudId: cloudId } = event;
      const node = asset.node?.plan;
      if (node === undefined) continue;
      this.#addNode({ kind: 'node-added', atMs, cloudId, node, asset: asset.plan });
    }
  }

  /** The cloud is deactivated at once, so all its assets end here; its machines stay listed. */
  #deleteCloud(cloud: CloudState, atMs: number): void {
    cloud.deletedAtMs = atMs;
    const isFrozen = readingOf({ readings: this.#readings }, 'openmetal.deletion') === 'deletion';
    for (const asset of cloud.assets) {
      asset.removedAtMs ??= atMs;
      if (isFrozen) asset.owesUntilMs = Math.min(asset.owesUntilMs ?? atMs, atMs);
    }
  }

  #addPrefix(event: OpenMetalEvent & { kind: 'prefix-added' }): void {
    const { prefix, atMs } = event;
    const asset = event.asset === null ? null : newAsset(event.asset, null, prefix.id, atMs);
    if (asset !== null) this.#cloud(prefix.cloudId).assets.push(asset);
    this.prefixes.set(prefix.id, { plan: prefix, createdAtMs: atMs, asset });
  }

  #removePrefix(prefixId: string, atMs: number): void {
    const asset = this.prefixes.get(prefixId)?.asset ?? null;
    if (asset !== null) this.#removeAsset(asset, atMs);
    this.prefixes.delete(prefixId);
  }

  #wipeCloud(cloudId: string): void {
    const cloud = this.#cloud(cloudId);
    cloud.isWiped = true;
    cloud.isListed = readingOf({ readings: this.#readings }, 'openmetal.wiped-cloud') === 'listed';
    for (const [id, prefix] of this.prefixes) {
      if (prefix.plan.cloudId === cloudId) this.prefixes.delete(id);
    }
  }

  #cloud(cloudId: string): CloudState {
    const cloud = this.clouds.get(cloudId);
    if (cloud === undefined) throw new Error(`event for a cloud that does not exist: ${cloudId}`);
    return cloud;
  }
}

function newAsset(
  plan: AssetPlan,
  node: NodeState | null,
  prefixId: string | null,
  atMs: number,
): AssetState {
  const createdAtMs = Math.floor(atMs / 1000) * 1000;
  const rates = [{ fromMs: createdAtMs, centsPerHour: plan.centsPerHour }];
  const end = { removedAtMs: null, owesUntilMs: null, isUnlisted: false };
  return { plan, node, prefixId, createdAtMs, ...end, rates };
}

function runningNode(cloud: CloudState, nodeUuid: string): NodeState {
  const node = cloud.nodes.findLast(({ plan }) => plan.uuid === nodeUuid);
  if (node === undefined || node.removedAtMs !== null) {
    throw new Error(`event for a node that does not run: ${nodeUuid}`);
  }
  return node;
}

/** To whole cents. */
function repriceAssets(cloud: CloudState, percent: number, atMs: number): void {
  for (const { plan, rates, removedAtMs } of cloud.assets) {
    if (removedAtMs !== null) continue;
    rates.push({ fromMs: atMs, centsPerHour: Math.round((plan.centsPerHour * percent) / 100) });
  }
}
