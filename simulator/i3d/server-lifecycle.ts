/** The life of one FlexMetal server: from an order to dated changes. */
import type { Random } from '../random.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './calendar.ts';
import { OPERATING_SYSTEMS } from './catalogue.ts';
import { pickLabels, retag } from './labels.ts';

export type ServerStatus =
  | 'created'
  | 'discovering'
  | 'discovered'
  | 'allocating'
  | 'allocated'
  | 'configuring_network'
  | 'network_configured'
  | 'provisioning'
  | 'provisioned'
  | 'delivered'
  | 'failed'
  | 'releasing'
  | 'released';

/** One dated change of what the API shows. A field that is absent stays as it was. */
export interface ServerChange {
  readonly atMs: number;
  readonly status?: ServerStatus;
  readonly statusMessage?: string;
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly osSlug?: string;
  readonly ipAddress?: string;
}

/** A server's whole life within the world. Instants fall on whole seconds. */
export interface ServerPlan {
  readonly uuid: string;
  readonly instanceType: string;
  readonly location: string;
  /** Empty on demand. */
  readonly contractId: string;
  readonly createdAtMs: number;
  readonly deliveredAtMs: number | null;
  /** What lists show as the delivery in its place, in Unix seconds. */
  readonly statedDeliveredAt?: null | 1;
  readonly releasedAtMs: number | null;
  readonly bandwidthInBytesPerSecond: number;
  readonly bandwidthOutBytesPerSecond: number;
  /** By time; the first one is the creation. */
  readonly changes: readonly ServerChange[];
}

export interface ServerOrder {
  readonly instanceType: string;
  readonly location: string;
  readonly contractId: string;
  readonly createdAtMs: number;
  /** From delivery to the release call. Ignored when the order fails. */
  readonly lifeMs: number;
  readonly isFailing: boolean;
}

/** How long each status before the delivery lasts, in whole seconds. */
export type Provisioning = readonly { readonly status: ServerStatus; readonly lastsMs: number }[];

const STAGES: readonly { status: ServerStatus; secondsMin: number; secondsMax: number }[] = [
  { status: 'created', secondsMin: 3, secondsMax: 20 },
  { status: 'discovering', secondsMin: 20, secondsMax: 90 },
  { status: 'discovered', secondsMin: 2, secondsMax: 10 },
  { status: 'allocating', secondsMin: 5, secondsMax: 40 },
  { status: 'allocated', secondsMin: 2, secondsMax: 10 },
  { status: 'configuring_network', secondsMin: 20, secondsMax: 80 },
  { status: 'network_configured', secondsMin: 2, secondsMax: 10 },
  { status: 'provisioning', secondsMin: 180, secondsMax: 560 },
  { status: 'provisioned', secondsMin: 5, secondsMax: 30 },
];

const FAILURES = [
  'No capacity left in the requested location',
  'Server did not boot from network within the time limit',
  'OS installation failed: disk not found',
] as const;

const UPKEEP_LIFE_MS_MIN = 12 * HOUR_MS;

export function drawProvisioning(random: Random): Provisioning {
  return STAGES.map(({ status, secondsMin, secondsMax }) => ({
    status,
    lastsMs: random.between(secondsMin, secondsMax) * SECOND_MS,
  }));
}

export function provisioningMs(provisioning: Provisioning): number {
  return provisioning.reduce((sum, stage) => sum + stage.lastsMs, 0);
}

/** Lives the order through; nothing happens to it at or after `endMs`. */
export function planServer(
  random: Random,
  order: ServerOrder,
  provisioning: Provisioning,
  endMs: number,
): ServerPlan {
  const labels = pickLabels(random, 'bm');
  const first = { name: labels.name, tags: labels.tags, osSlug: pickSystem(random) };
  const changes = provisionChanges(random, order.createdAtMs, provisioning).map((change, index) =>
    index === 0 ? { ...change, ...first, statusMessage: 'OK' } : change,
  );
  const deliveredAtMs = order.createdAtMs + provisioningMs(provisioning);
  const releasingAtMs = deliveredAtMs + order.lifeMs;
  const releasedAtMs = releasingAtMs + random.between(60, 420) * SECOND_MS;
  if (order.isFailing) {
    failAt(changes, random.between(2, changes.length - 1), random);
  } else {
    changes.push({ atMs: deliveredAtMs, status: 'delivered' });
    changes.push(...upkeepChanges(random, deliveredAtMs, releasingAtMs, labels.tags));
    changes.push({ atMs: releasingAtMs, status: 'releasing' });
    changes.push({ atMs: releasedAtMs, status: 'released' });
  }
  const isDelivered = !order.isFailing && deliveredAtMs < endMs;
  return {
    uuid: random.uuid(),
    instanceType: order.instanceType,
    location: order.location,
    contractId: order.contractId,
    createdAtMs: order.createdAtMs,
    deliveredAtMs: isDelivered ? deliveredAtMs : null,
    releasedAtMs: isDelivered && releasedAtMs < endMs ? releasedAtMs : null,
    bandwidthInBytesPerSecond: random.between(2_000, 400_000),
    bandwidthOutBytesPerSecond: random.between(10_000, 3_000_000),
    changes: changes.filter((change) => change.atMs < endMs),
  };
}

function pickSystem(random: Random): string {
  return random.pick(OPERATING_SYSTEMS.filter((system) => system.availableForFlexMetal === 1)).slug;
}

function provisionChanges(
  random: Random,
  createdAtMs: number,
  provisioning: Provisioning,
): ServerChange[] {
  let atMs = createdAtMs;
  return provisioning.map(({ status, lastsMs }) => {
    const change = { atMs, status };
    atMs += lastsMs;
    if (status !== 'provisioned') return change;
    const ipAddress = `185.${random.between(2, 250)}.${random.between(0, 255)}.${random.between(2, 254)}`;
    return { ...change, ipAddress };
  });
}

/** Cuts the provisioning off at `index` and lets the server fail there. */
function failAt(changes: ServerChange[], index: number, random: Random): void {
  const cut = changes[index];
  if (cut === undefined) throw new RangeError(`no change ${index} to fail at`);
  changes.splice(index, changes.length - index, {
    atMs: cut.atMs,
    status: 'failed',
    statusMessage: random.pick(FAILURES),
  });
}

/** What people do to a server that stays: other tags, another name, another system. */
function upkeepChanges(
  random: Random,
  fromMs: number,
  toMs: number,
  tagsAtFirst: readonly string[],
): ServerChange[] {
  if (toMs - fromMs < UPKEEP_LIFE_MS_MIN) return [];
  const horizonMs = Math.min(toMs - fromMs - MINUTE_MS, 120 * 24 * HOUR_MS);
  const instants = Array.from(
    { length: random.between(0, 4) },
    () => fromMs + random.between(60, Math.floor(horizonMs / SECOND_MS)) * SECOND_MS,
  ).sort((left, right) => left - right);
  let tags = tagsAtFirst;
  return instants.map((atMs) => {
    const draw = random.fraction();
    if (draw < 0.6) {
      tags = retag(random, tags);
      return { atMs, tags };
    }
    if (draw < 0.8) return { atMs, name: pickLabels(random, 'bm').name };
    return { atMs, osSlug: pickSystem(random) };
  });
}
