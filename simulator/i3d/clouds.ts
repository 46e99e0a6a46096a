/** FlexVM clouds and the nodes that carry them. Nodes come and go; they cost nothing. */
import type { Random } from '../random.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from './calendar.ts';
import { CLOUD_SITES } from './catalogue.ts';
import {
  countOver,
  instantWithin,
  PREHISTORY_DAYS,
  type WorldWindow,
  wholeSecondMs,
} from './server-fleet.ts';

export type NodeStatus =
  | 'created'
  | 'requested'
  | 'bootstrapping'
  | 'running'
  | 'failed'
  | 'deleting'
  | 'deleted';

export interface NodeChange {
  readonly atMs: number;
  readonly status: NodeStatus;
}

export interface NodePlan {
  readonly id: string;
  readonly name: string;
  readonly serial: string;
  readonly createdAtMs: number;
  readonly runningAtMs: number | null;
  readonly deletingAtMs: number | null;
  readonly changes: readonly NodeChange[];
}

export interface CloudPlan {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly site: string;
  readonly instanceType: string;
  readonly createdAtMs: number;
  readonly nodes: readonly NodePlan[];
}

const NODES_PER_CLOUD_AT_SCALE_ONE = 6;
const NODES_PER_CLOUD_MIN = 2;
const ADDED_NODES_PER_DAY = 0.03;

/** The tenant's clouds, oldest first. */
export function buildClouds(random: Random, window: WorldWindow): CloudPlan[] {
  const eldestMs = wholeSecondMs(window.startMs) - PREHISTORY_DAYS * DAY_MS;
  return CLOUD_SITES.map(({ name, site, instanceType }, index) => {
    const createdAtMs = eldestMs + (index * 10 + random.between(0, 9)) * MINUTE_MS;
    const id = random.uuid();
    const nodes = buildNodes(random.fork(name), window, name, createdAtMs);
    return {
      id,
      name,
      description: `${site} pool`,
      site,
      instanceType,
      createdAtMs,
      nodes,
    };
  });
}

function buildNodes(
  random: Random,
  window: WorldWindow,
  cloudName: string,
  cloudCreatedAtMs: number,
): NodePlan[] {
  const baseCount = Math.max(
    NODES_PER_CLOUD_MIN,
    Math.round(NODES_PER_CLOUD_AT_SCALE_ONE * window.scale),
  );
  const nodes: NodePlan[] = [];
  for (let index = 0; index < baseCount; index += 1) {
    const createdAtMs = cloudCreatedAtMs + random.between(60, 1800) * SECOND_MS;
    nodes.push(planNode(random, `${cloudName}-n${index + 1}`, createdAtMs, null, false, window));
  }
  const addedCount = countOver(window, ADDED_NODES_PER_DAY, 2);
  for (let index = 0; index < addedCount; index += 1) {
    const createdAtMs = instantWithin(random, window);
    const isFailing = index % 3 === 2;
    const lifeMs = random.between(isFailing ? 7200 : 86_400, 25 * 86_400) * SECOND_MS;
    const name = `${cloudName}-n${baseCount + index + 1}`;
    const isStaying = index % 3 === 1;
    nodes.push(planNode(random, name, createdAtMs, isStaying ? null : lifeMs, isFailing, window));
  }
  return nodes.sort(
    (left, right) => left.createdAtMs - right.createdAtMs || (left.id < right.id ? -1 : 1),
  );
}

function planNode(
  random: Random,
  name: string,
  createdAtMs: number,
  lifeMs: number | null,
  isFailing: boolean,
  window: WorldWindow,
): NodePlan {
  const bootstrappingAtMs = createdAtMs + random.between(60, 600) * SECOND_MS;
  const settledAtMs = bootstrappingAtMs + random.between(600, 1800) * SECOND_MS;
  const changes: NodeChange[] = [
    { atMs: createdAtMs, status: 'created' },
    { atMs: createdAtMs + random.between(2, 30) * SECOND_MS, status: 'requested' },
    { atMs: bootstrappingAtMs, status: 'bootstrapping' },
    { atMs: settledAtMs, status: isFailing ? 'failed' : 'running' },
  ];
  const deletingAtMs = lifeMs === null ? null : settledAtMs + lifeMs;
  if (deletingAtMs !== null) {
    changes.push({ atMs: deletingAtMs, status: 'deleting' });
    changes.push({ atMs: deletingAtMs + random.between(60, 600) * SECOND_MS, status: 'deleted' });
  }
  return {
    id: random.uuid(),
    name,
    serial: `SN${random.hex(10).toUpperCase()}`,
    createdAtMs,
    runningAtMs: isFailing ? null : settledAtMs,
    deletingAtMs,
    changes: changes.filter((change) => change.atMs < window.endMs),
  };
}
