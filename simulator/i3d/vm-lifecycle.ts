/** The life of one FlexVM virtual machine: from an order to dated changes. */
import type { Random } from '../random.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from './calendar.ts';
import { VM_IMAGES, type VmImage, type VmType } from './catalogue.ts';
import type { CloudPlan, NodePlan } from './clouds.ts';
import type { Labels } from './labels.ts';

export type VmStatus =
  | 'provisioning'
  | 'starting'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'deleting'
  | 'deleted';

/** One dated change of what the API shows. A field that is absent stays as it was. */
export interface VmChange {
  readonly atMs: number;
  readonly status: VmStatus;
  readonly node?: NodePlan;
  readonly ips?: readonly { readonly address: string; readonly public: boolean }[];
}

/** A VM's whole life within the world. Instants fall on whole seconds; tags never change. */
export interface VmPlan {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly type: VmType;
  readonly image: VmImage;
  readonly cloud: CloudPlan;
  readonly createdAtMs: number;
  readonly releasedAtMs: number | null;
  /** By time; the first one is the creation. */
  readonly changes: readonly VmChange[];
}

export interface VmOrder {
  readonly cloud: CloudPlan;
  readonly type: VmType;
  readonly labels: Labels;
  readonly description: string;
  readonly createdAtMs: number;
  /** From the creation to the deletion call. */
  readonly lifeMs: number;
  readonly isFailing: boolean;
  /** Times that somebody switches it off and on again. */
  readonly stopCount: number;
}

/** Lives the order through; nothing happens to it at or after `endMs`. */
export function planVm(random: Random, order: VmOrder, endMs: number): VmPlan {
  const { createdAtMs } = order;
  const startingAtMs = createdAtMs + random.between(4, 30) * SECOND_MS;
  const runningAtMs = startingAtMs + random.between(10, 70) * SECOND_MS;
  const deletingAtMs = Math.max(createdAtMs + order.lifeMs, runningAtMs + SECOND_MS);
  const deletedAtMs = deletingAtMs + random.between(3, 90) * SECOND_MS;
  const changes: VmChange[] = [{ atMs: createdAtMs, status: 'provisioning' }];
  if (order.isFailing) {
    changes.push({ atMs: runningAtMs, status: 'failed' });
  } else {
    const node = pickNode(random, order.cloud, startingAtMs, deletedAtMs);
    const ips = [
      { address: `10.${random.between(0, 63)}.${random.between(0, 255)}.7`, public: false },
      { address: `31.204.${random.between(0, 255)}.${random.between(2, 254)}`, public: true },
    ];
    changes.push({ atMs: startingAtMs, status: 'starting', node, ips });
    changes.push({ atMs: runningAtMs, status: 'running' });
    changes.push(...stops(random, order.stopCount, runningAtMs, deletingAtMs));
  }
  changes.push({ atMs: deletingAtMs, status: 'deleting' });
  changes.push({ atMs: deletedAtMs, status: 'deleted' });
  return {
    id: random.uuid(),
    name: order.labels.name,
    description: order.description,
    tags: order.labels.tags,
    type: order.type,
    image: random.pick(VM_IMAGES),
    cloud: order.cloud,
    createdAtMs,
    releasedAtMs: deletedAtMs < endMs ? deletedAtMs : null,
    changes: changes.filter((change) => change.atMs < endMs),
  };
}

/** Only a node that runs during the VM's whole life: a node with VMs cannot be deleted. */
function pickNode(random: Random, cloud: CloudPlan, fromMs: number, toMs: number): NodePlan {
  const candidates = cloud.nodes.filter(
    (node) =>
      node.runningAtMs !== null &&
      node.runningAtMs <= fromMs &&
      (node.deletingAtMs === null || node.deletingAtMs > toMs),
  );
  return random.pick(candidates);
}

function stops(random: Random, count: number, fromMs: number, toMs: number): VmChange[] {
  const changes: VmChange[] = [];
  let atMs = fromMs;
  for (let index = 0; index < count; index += 1) {
    const stoppingAtMs = atMs + random.between(3600, (12 * DAY_MS) / SECOND_MS) * SECOND_MS;
    const stoppedAtMs = stoppingAtMs + random.between(5, 60) * SECOND_MS;
    const startingAtMs = stoppedAtMs + random.between(3600, (60 * HOUR_MS) / SECOND_MS) * SECOND_MS;
    const runningAtMs = startingAtMs + random.between(10, 60) * SECOND_MS;
    if (runningAtMs >= toMs) break;
    changes.push({ atMs: stoppingAtMs, status: 'stopping' });
    changes.push({ atMs: stoppedAtMs, status: 'stopped' });
    changes.push({ atMs: startingAtMs, status: 'starting' });
    changes.push({ atMs: runningAtMs, status: 'running' });
    atMs = runningAtMs;
  }
  return changes;
}
