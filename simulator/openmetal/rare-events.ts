/** Draws what seldom happens to nodes though nothing is wrong: they leave and return, move, are redated. */
import type { WorldOptions } from '../provider.ts';
import type { Random } from '../random.ts';
import { readingOf } from '../readings.ts';
import { faultRandom } from '../world-faults.ts';
import { DAY_MS, wholeSecond } from './draws.ts';
import type { CloudPlan, OpenMetalEvent } from './types.ts';

type NodeAdded = OpenMetalEvent & { kind: 'node-added' };

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Above every asset id that the world hands out otherwise. */
const ASSET_ID_BASE = 90_000;
const RESTATED_NODES = 4;

export function drawRareEvents(
  options: WorldOptions,
  events: readonly OpenMetalEvent[],
): OpenMetalEvent[] {
  const nodes = quietNodes(events);
  const taken = new Set<string>();
  const take = (random: Random, cloud: CloudPlan): NodeAdded | null => {
    const free = nodes.filter(
      ({ cloudId, node, atMs }) =>
        cloudId === cloud.id && atMs < options.startMs && !taken.has(node.uuid),
    );
    if (free.length === 0) return null;
    const added = random.pick(free);
    taken.add(added.node.uuid);
    return added;
  };
  const clouds = standingClouds(events);
  const leaving = [...drawPutBacks(options, clouds, take), ...drawMove(options, clouds, take)];
  const staying = nodes.filter(({ node }) => !taken.has(node.uuid));
  return [...leaving, ...drawRestatements(options, staying)];
}

type Take = (random: Random, cloud: CloudPlan) => NodeAdded | null;

/** Nodes to which nothing else happens than that they come. */
function quietNodes(events: readonly OpenMetalEvent[]): NodeAdded[] {
  const busy = new Set(events.map((event) => ('nodeUuid' in event ? event.nodeUuid : null)));
  return events.filter(
    (event): event is NodeAdded => event.kind === 'node-added' && !busy.has(event.node.uuid),
  );
}

/** Clouds that exist when the world begins and are never deleted; the unreadable one comes first. */
function standingClouds(events: readonly OpenMetalEvent[]): CloudPlan[] {
  const deleted = new Set(
    events.map((event) => (event.kind === 'cloud-deleted' ? event.cloudId : null)),
  );
  const clouds = events.flatMap((event) => (event.kind === 'cloud-created' ? [event.cloud] : []));
  return clouds
    .filter((cloud) => !deleted.has(cloud.id))
    .sort((left, right) => rank(left) - rank(right));
}

function rank(cloud: CloudPlan): number {
  return cloud.organization.hasBilling ? 1 : 0;
}

/** In the cloud without a readable bill and in one with: away from 08:00 for two to nine hours. */
function drawPutBacks(
  options: WorldOptions,
  clouds: readonly CloudPlan[],
  take: Take,
): OpenMetalEvent[] {
  const random = faultRandom(options, 'node-put-back');
  if (random === null) return [];
  const isSame = readingOf(options, 'openmetal.readded-asset') === 'same';
  const chosen = [
    clouds.find((cloud) => rank(cloud) === 0),
    clouds.find((cloud) => rank(cloud) === 1),
  ];
  return chosen.flatMap((cloud, index): OpenMetalEvent[] => {
    const lowMs = options.startMs + 2 * DAY_MS;
    const dayMs = Math.floor(wholeSecond(random, lowMs, options.endMs - DAY_MS) / DAY_MS) * DAY_MS;
    const removedMs = dayMs + 8 * HOUR_MS;
    const backMs = removedMs + random.between(2 * 3_600, 9 * 3_600) * 1000;
    const added = cloud === undefined ? null : take(random, cloud);
    if (added === null || backMs >= options.endMs) return [];
    const { cloudId, node } = added;
    const asset = isSame ? added.asset : { ...added.asset, id: ASSET_ID_BASE + index };
    return [
      { kind: 'node-removed', atMs: removedMs, cloudId, nodeUuid: node.uuid },
      { kind: 'node-added', atMs: backMs, cloudId, node, asset },
    ];
  });
}

/** From the first billed cloud that has a node to spare into another one. */
function drawMove(
  options: WorldOptions,
  clouds: readonly CloudPlan[],
  take: Take,
): OpenMetalEvent[] {
  const random = faultRandom(options, 'asset-moved');
  const billed = clouds
    .filter(({ organization }) => organization.hasBilling)
    .sort((left, right) => left.firstTermAtMs - right.firstTermAtMs);
  const { startMs, endMs } = options;
  const from = billed.find(({ firstTermAtMs }) => firstTermAtMs < startMs);
  const to = billed.find((cloud) => cloud !== from);
  if (random === null || from === undefined || to === undefined) return [];
  const earliestMs = Math.max(startMs + (endMs - startMs) / 3, to.firstTermAtMs + HOUR_MS);
  const atMs = wholeSecond(random, earliestMs, earliestMs + 3 * DAY_MS);
  const added = take(random, from);
  if (added === null || atMs >= endMs) return [];
  const nodeUuid = added.node.uuid;
  return [{ kind: 'node-moved', atMs, cloudId: from.id, nodeUuid, toCloudId: to.id }];
}

/** Two to five days into the world or after the node came; up to 50 minutes earlier or later. */
function drawRestatements(options: WorldOptions, nodes: readonly NodeAdded[]): OpenMetalEvent[] {
  const random = faultRandom(options, 'restated-assignment');
  if (random === null) return [];
  const drawn = nodes.map((added): OpenMetalEvent => {
    const fromMs = Math.max(options.startMs, added.atMs);
    const atMs = fromMs + random.between(2 * 24, 5 * 24) * HOUR_MS;
    const minutes = random.between(3, 50) * (random.chance(0.5) ? 1 : -1);
    const { cloudId, node } = added;
    const byMs = minutes * MINUTE_MS;
    return { kind: 'assignment-restated', atMs, cloudId, nodeUuid: node.uuid, byMs };
  });
  return drawn.filter(({ atMs }) => atMs < options.endMs).slice(0, RESTATED_NODES);
}
