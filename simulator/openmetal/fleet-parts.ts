/** Draws what comes into and leaves one cloud: nodes, IP blocks, and the orders behind them. */
import type { Random } from '../random.ts';
import { IP_BLOCKS } from './catalogue.ts';
import {
  DAY_MS,
  drawCidr,
  drawNode,
  hashId,
  MINUTE_MS,
  type WorldBook,
  wholeSecond,
} from './draws.ts';
import type { CloudPlan, NodePlan, OpenMetalEvent, OrderPlan, PrefixPlan } from './types.ts';

const NODES_MIN = 3;
const NODES_MAX = 8;
/** A private cloud core is ordered in units of three nodes. */
const NODES_PER_CORE = 3;
const INCLUDED_BLOCKS = 2;

export interface CloudSpan {
  readonly createdAtMs: number;
  readonly provisionedAtMs: number;
  readonly activatedAtMs: number;
  readonly deletedAtMs: number | null;
  /** Nodes and blocks come and go in this interval; empty when it ends before it starts. */
  readonly changesFromMs: number;
  readonly changesToMs: number;
}

export interface CloudParts {
  readonly order: OpenMetalEvent;
  readonly events: readonly OpenMetalEvent[];
  readonly nodes: readonly NodePlan[];
  readonly blocks: readonly PrefixPlan[];
}

export function drawInitialParts(
  random: Random,
  cloud: CloudPlan,
  span: CloudSpan,
  book: WorldBook,
): CloudParts {
  const cores = random.chance(0.25) ? 2 : 1;
  const nodeCount = cloud.type === 'pcc' ? cores * NODES_PER_CORE : random.between(NODES_MIN, 6);
  const quantity = cloud.type === 'pcc' ? cores : nodeCount;
  const orderMs = span.createdAtMs - wholeSecond(random, MINUTE_MS, 10 * MINUTE_MS);
  const order = orderPlan(cloud, cloud.orderId, quantity, null);
  const events: OpenMetalEvent[] = includedPrefixes(random, cloud, book);
  const nodes: NodePlan[] = [];
  for (let n = 0; n < nodeCount; n += 1) {
    const earliestMs = span.createdAtMs + 5 * MINUTE_MS;
    const atMs = wholeSecond(random, earliestMs, span.provisionedAtMs - 5 * MINUTE_MS);
    const node = drawNode(random, atMs);
    nodes.push(node);
    events.push(nodeAdded(random, cloud, node, atMs, book));
  }
  const blocks: PrefixPlan[] = [];
  for (let n = cloud.isInvoiced ? random.between(0, 2) : 0; n > 0; n -= 1) {
    const atMs = span.provisionedAtMs + random.between(60, 5 * 3600) * 1000;
    const block = userBlock(random, cloud, book);
    blocks.push(block);
    events.push(prefixAdded(block, atMs, book));
  }
  return { order: { kind: 'ordered', atMs: orderMs, order }, events, nodes, blocks };
}

/** Every 4 to 14 days something changes; the cloud keeps between 3 and 8 nodes. */
export function drawChanges(
  random: Random,
  cloud: CloudPlan,
  span: CloudSpan,
  parts: CloudParts,
  book: WorldBook,
): OpenMetalEvent[] {
  const nodes = [...parts.nodes];
  const blocks = [...parts.blocks];
  const events: OpenMetalEvent[] = [];
  let atMs = wholeSecond(random, span.changesFromMs, span.changesFromMs + 6 * DAY_MS);
  while (atMs < span.changesToMs) {
    const choice = random.fraction();
    if (choice < 0.4 && nodes.length < NODES_MAX) {
      const node = drawNode(random, atMs);
      nodes.push(node);
      const orderMs = atMs - wholeSecond(random, 20 * MINUTE_MS, 90 * MINUTE_MS);
      const order = orderPlan(cloud, hashId(random), 1, cloud.id);
      events.push({ kind: 'ordered', atMs: orderMs, order });
      events.push(nodeAdded(random, cloud, node, atMs, book));
    } else if (choice < 0.65 && nodes.length > NODES_MIN) {
      const [node] = nodes.splice(random.between(0, nodes.length - 1), 1);
      const nodeUuid = node?.uuid ?? '';
      events.push({ kind: 'node-removed', atMs, cloudId: cloud.id, nodeUuid });
    } else if (choice < 0.75) {
      events.push(...drawPowerCycle(random, cloud, nodes, atMs));
    } else if (cloud.isInvoiced && blocks.length > 0 && random.chance(0.5)) {
      const [block] = blocks.splice(random.between(0, blocks.length - 1), 1);
      events.push({ kind: 'prefix-removed', atMs, prefixId: block?.id ?? '' });
    } else if (cloud.isInvoiced) {
      const block = userBlock(random, cloud, book);
      blocks.push(block);
      events.push(prefixAdded(block, atMs, book));
    }
    atMs += wholeSecond(random, 4 * DAY_MS, 14 * DAY_MS);
  }
  return events;
}

/** Off for one to three hours: shorter than the gap to the next change. */
function drawPowerCycle(
  random: Random,
  cloud: CloudPlan,
  nodes: readonly NodePlan[],
  atMs: number,
): OpenMetalEvent[] {
  const nodeUuid = random.pick(nodes).uuid;
  const backMs = atMs + wholeSecond(random, 60 * MINUTE_MS, 180 * MINUTE_MS);
  const common = { kind: 'node-power', cloudId: cloud.id, nodeUuid } as const;
  return [
    { ...common, atMs, isOn: false },
    { ...common, atMs: backMs, isOn: true },
  ];
}

function nodeAdded(
  random: Random,
  cloud: CloudPlan,
  node: NodePlan,
  atMs: number,
  book: WorldBook,
): OpenMetalEvent {
  const asset = book.serverAsset(cloud, atMs);
  const assignedAtMs = atMs + random.between(0, 999);
  return { kind: 'node-added', atMs: assignedAtMs, cloudId: cloud.id, node, asset };
}

function prefixAdded(block: PrefixPlan, atMs: number, book: WorldBook): OpenMetalEvent {
  const asset = block.addonCode === null ? null : book.ipBlockAsset(block.addonCode);
  return { kind: 'prefix-added', atMs, prefix: block, asset };
}

/** Two /28 come with every deployment and are not billed; the private block never is. */
function includedPrefixes(random: Random, cloud: CloudPlan, book: WorldBook): OpenMetalEvent[] {
  const common = { cloudId: cloud.id, pod: cloud.pod, addonCode: null };
  const prefixes: PrefixPlan[] = [];
  for (let n = 0; n < INCLUDED_BLOCKS; n += 1) {
    prefixes.push({
      ...common,
      id: hashId(random),
      label: n === 0 ? 'inventory' : 'provider',
      createdFrom: 'central',
      prefixType: 'routed',
      cidr: drawCidr(random, 28),
      prefixId: book.nextPrefixId(),
      vlanIndex: n === 0 ? 0 : 3,
    });
  }
  prefixes.push({
    ...common,
    id: hashId(random),
    label: 'control',
    createdFrom: 'omapi',
    prefixType: 'private',
    cidr: '192.168.0.0/22',
    prefixId: book.nextPrefixId(),
    vlanIndex: 1,
  });
  return prefixes.map((prefix) => prefixAdded(prefix, cloud.createdAtMs, book));
}

function userBlock(random: Random, cloud: CloudPlan, book: WorldBook): PrefixPlan {
  const block = random.pick(random.chance(0.7) ? IP_BLOCKS.slice(0, 1) : IP_BLOCKS.slice(1, 4));
  const prefixId = book.nextPrefixId();
  return {
    id: hashId(random),
    label: `routed-ips-${prefixId}`,
    cloudId: cloud.id,
    pod: cloud.pod,
    createdFrom: 'user',
    prefixType: 'routed',
    addonCode: block.code,
    cidr: drawCidr(random, block.prefixLength),
    prefixId,
    vlanIndex: 3,
  };
}

function orderPlan(
  cloud: CloudPlan,
  id: string,
  quantity: number,
  targetCloudId: string | null,
): OrderPlan {
  const { sku, pod, type, organization } = cloud;
  const label = targetCloudId === null ? `New ${type} cloud` : `Additional ${type} node`;
  return { id, label, organization, sku, pod, type, quantity, targetCloudId };
}
