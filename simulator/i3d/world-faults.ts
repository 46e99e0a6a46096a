/** Draws what goes wrong in the i3D world: contract ids that come late, past months that are restated. */

import type { WorldOptions } from '../provider.ts';
import type { Random } from '../random.ts';
import { faultRandom } from '../world-faults.ts';
import type { Correction } from './books.ts';
import { HOUR_MS, monthStartMs, nextMonthStartMs, SECOND_MS } from './calendar.ts';
import type { I3dWorld } from './world.ts';

const LATE_CHANCE = 0.5;
const LATE_HOURS_MIN = 2;
const LATE_HOURS_MAX = 60;
const RESTATED_DAYS_MIN = 2;
const RESTATED_DAYS_MAX = 5;
const LATE_RESTATED_DAYS_MIN = 62;
const LATE_RESTATED_DAYS_MAX = 80;
/** A restated release moves forward by at most this, and leaves an hour of the life. */
const RESTATED_HOURS_MAX = 20;
const RESTATED_LIFE_HOURS_MIN = 6;

export interface FaultHistory {
  /** As first booked. */
  readonly world: I3dWorld;
  readonly corrections: readonly Correction[];
}

export function faultHistory(options: WorldOptions, world: I3dWorld): FaultHistory {
  const late = drawLateContracts(faultRandom(options, 'late-contract'), options, world);
  const lateIds = new Set(late.map((correction) => correction.resourceId));
  const servers = world.servers.map((server) =>
    lateIds.has(server.uuid) ? { ...server, contractId: '' } : server,
  );
  const restated = drawRestatements(faultRandom(options, 'restated-month'), options, world);
  const restatedIds = new Set(restated.map((correction) => correction.resourceId));
  const lateRestated = drawLateRestatement(options, world, restatedIds);
  return { world: { ...world, servers }, corrections: [...late, ...restated, ...lateRestated] };
}

/** The contract id comes while the server is still there and the world goes on. */
function drawLateContracts(
  random: Random | null,
  options: WorldOptions,
  world: I3dWorld,
): Correction[] {
  if (random === null) return [];
  return world.servers.flatMap((server): Correction[] => {
    const { uuid, contractId, deliveredAtMs, releasedAtMs } = server;
    if (contractId === '' || deliveredAtMs === null) return [];
    const lagSeconds = random.between(LATE_HOURS_MIN * 3600, LATE_HOURS_MAX * 3600);
    const isLate = random.chance(LATE_CHANCE);
    const atMs = deliveredAtMs + lagSeconds * SECOND_MS;
    const isSeen = atMs > options.startMs && atMs < (releasedAtMs ?? options.endMs);
    if (!isLate || !isSeen) return [];
    return [{ kind: 'contract', resourceId: uuid, atMs, contractId }];
  });
}

interface Life {
  readonly id: string;
  readonly fromMs: number | null;
  readonly releasedAtMs: number | null;
}

/** The part of a calendar month that lies in the world; only months that end inside it. */
interface ClosedMonth {
  readonly fromMs: number;
  readonly endMs: number;
}

/**
 * Of each month one VM and one on-demand server turn out, days after the month's end, to have been
 * released hours before the instant first told.
 */
function drawRestatements(
  random: Random | null,
  options: WorldOptions,
  world: I3dWorld,
): Correction[] {
  if (random === null) return [];
  const servers = world.servers
    .filter((server) => server.contractId === '')
    .map((server): Life => ({ ...server, id: server.uuid, fromMs: server.deliveredAtMs }));
  const vms = world.vms.map((vm): Life => ({ ...vm, fromMs: vm.createdAtMs }));
  return closedMonths(options).flatMap((month) => {
    const hours = random.between(RESTATED_DAYS_MIN * 24, RESTATED_DAYS_MAX * 24);
    const atMs = month.endMs + hours * HOUR_MS;
    if (atMs >= options.endMs) return [];
    return [servers, vms].flatMap((lives) => drawEarlierRelease(random, lives, month, atMs));
  });
}

/** One VM of the first month after whose end the world still lasts long enough. */
function drawLateRestatement(
  options: WorldOptions,
  world: I3dWorld,
  restatedIds: ReadonlySet<string>,
): Correction[] {
  const random = faultRandom(options, 'late-restatement');
  if (random === null) return [];
  const lagMs = random.between(LATE_RESTATED_DAYS_MIN * 24, LATE_RESTATED_DAYS_MAX * 24) * HOUR_MS;
  const vms = world.vms
    .filter((vm) => !restatedIds.has(vm.id))
    .map((vm): Life => ({ ...vm, fromMs: vm.createdAtMs }));
  for (const month of closedMonths(options)) {
    const atMs = month.endMs + lagMs;
    if (atMs >= options.endMs) return [];
    const drawn = drawEarlierRelease(random, vms, month, atMs);
    if (drawn.length > 0) {
      return drawn.map((correction) => ({ ...correction, monthMs: monthStartMs(month.fromMs) }));
    }
  }
  return [];
}

function closedMonths(options: WorldOptions): ClosedMonth[] {
  const months: ClosedMonth[] = [];
  let fromMs = options.startMs;
  for (let endMs = nextMonthStartMs(fromMs); endMs < options.endMs; ) {
    months.push({ fromMs, endMs });
    fromMs = endMs;
    endMs = nextMonthStartMs(fromMs);
  }
  return months;
}

/** None when nothing that lived long enough was released in the month. */
function drawEarlierRelease(
  random: Random,
  lives: readonly Life[],
  month: ClosedMonth,
  atMs: number,
): Correction[] {
  const released = lives.flatMap(({ id, fromMs, releasedAtMs }) => {
    if (fromMs === null || releasedAtMs === null || releasedAtMs >= month.endMs) return [];
    const hours = Math.floor((releasedAtMs - Math.max(fromMs, month.fromMs)) / HOUR_MS);
    return hours < RESTATED_LIFE_HOURS_MIN ? [] : [{ id, releasedAtMs, hours }];
  });
  if (released.length === 0) return [];
  const { id, releasedAtMs, hours } = random.pick(released);
  const lessHours = random.between(2, Math.min(RESTATED_HOURS_MAX, hours - 1));
  const earlierMs = releasedAtMs - lessHours * HOUR_MS;
  return [{ kind: 'release', resourceId: id, atMs, releasedAtMs: earlierMs }];
}
