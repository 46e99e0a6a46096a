/** Lives through the event log. */
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
  readonly assignedAtMs: number;
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
  #cursor = 0;

  /** Events of one instant happen in the order given. */
  constructor(events: readonly OpenMetalEvent[]) {
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
        removeNode(this.#cloud(event.cloudId), event.nodeUuid, event.atMs);
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
        deleteCloud(this.#cloud(event.cloudId), event.atMs);
        return;
      case 'cloud-gone':
        this.#forgetCloud(event.cloudId);
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
    cloud.assets.push(newAsset(event.asset, node, event.atMs));
  }

  #addPrefix(event: OpenMetalEvent & { kind: 'prefix-added' }): void {
    const { prefix, atMs } = event;
    const asset = event.asset === null ? null : newAsset(event.asset, null, atMs);
    if (asset !== null) this.#cloud(prefix.cloudId).assets.push(asset);
    this.prefixes.set(prefix.id, { plan: prefix, createdAtMs: atMs, asset });
  }

  #removePrefix(prefixId: string, atMs: number): void {
    const asset = this.prefixes.get(prefixId)?.asset ?? null;
    if (asset !== null) asset.removedAtMs ??= atMs;
    this.prefixes.delete(prefixId);
  }

  #forgetCloud(cloudId: string): void {
    this.#cloud(cloudId).isListed = false;
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

function newAsset(plan: AssetPlan, node: NodeState | null, atMs: number): AssetState {
  const createdAtMs = Math.floor(atMs / 1000) * 1000;
  const rates = [{ fromMs: createdAtMs, centsPerHour: plan.centsPerHour }];
  return { plan, node, createdAtMs, removedAtMs: null, rates };
}

function runningNode(cloud: CloudState, nodeUuid: string): NodeState {
  const node = cloud.nodes.find(({ plan }) => plan.uuid === nodeUuid);
  if (node === undefined || node.removedAtMs !== null) {
    throw new Error(`event for a node that does not run: ${nodeUuid}`);
  }
  return node;
}

function removeNode(cloud: CloudState, nodeUuid: string, atMs: number): void {
  const node = runningNode(cloud, nodeUuid);
  node.removedAtMs = atMs;
  for (const asset of cloud.assets) if (asset.node === node) asset.removedAtMs = atMs;
}

/** To whole cents. */
function repriceAssets(cloud: CloudState, percent: number, atMs: number): void {
  for (const { plan, rates, removedAtMs } of cloud.assets) {
    if (removedAtMs !== null) continue;
    rates.push({ fromMs: atMs, centsPerHour: Math.round((plan.centsPerHour * percent) / 100) });
  }
}

/** The cloud is deactivated at once, so all its assets end here; its machines stay listed. */
function deleteCloud(cloud: CloudState, atMs: number): void {
  cloud.deletedAtMs = atMs;
  for (const asset of cloud.assets) asset.removedAtMs ??= atMs;
}
