/** Draws what seldom happens in the billing log though nothing is wrong with it. */
import { divideRoundHalfUp } from '../decimal.ts';
import type { WorldOptions } from '../provider.ts';
import { readingOf } from '../readings.ts';
import { faultRandom } from '../world-faults.ts';
import {
  amountWithin,
  type Charge,
  isCharge,
  type Movement,
  nextMonthMs,
  type Transaction,
} from './billing.ts';
import { DAY_MS, HOUR_MS } from './durations.ts';
import type { Timeline, VirtualMachine } from './fleet.ts';
import { RAM_GB_PER_GPU, STORAGE_GB_PER_GPU, VCPUS_PER_GPU } from './virtual-machines.ts';

const REFUNDS = 4;
const REFUNDED_MICRO_USD_MIN = 1_000_000n;
const HELD_BACK_DAYS_MIN = 32;
const HELD_BACK_DAYS_MAX = 45;
const RESIZED_FROM_GPUS = 8;
const RESIZED_TO_GPUS = 2;

/** Refunds as rows of the log: those with an instance are charges, the others movements. */
export interface Refunds {
  readonly charges: readonly Charge[];
  readonly movements: readonly Movement[];
}

/** 10 to 60 % of what a transaction had charged by noon of a later day, back at that noon. */
export function drawRefunds(options: WorldOptions, charges: readonly Charge[]): Refunds {
  const random = faultRandom(options, 'refunds');
  const rows: Transaction[] = [];
  const refundedIds = new Set<string>();
  for (let n = random === null ? 0 : REFUNDS; random !== null && n > 0; n -= 1) {
    const { startMs, endMs } = options;
    const dayMs = Math.floor((startMs + random.fraction() * (endMs - startMs)) / DAY_MS) * DAY_MS;
    const atMs = dayMs + 12 * HOUR_MS;
    const percent = BigInt(random.between(10, 60));
    const id = random.uuid();
    const chargedBy = (charge: Charge): bigint =>
      amountWithin(charge, Number.NEGATIVE_INFINITY, atMs, atMs);
    const candidates = charges.filter(
      (charge) =>
        !refundedIds.has(charge.instance.id) &&
        charge.appearsMs < atMs &&
        chargedBy(charge) >= REFUNDED_MICRO_USD_MIN,
    );
    if (atMs < startMs || atMs >= endMs || candidates.length === 0) continue;
    const charge = random.pick(candidates);
    refundedIds.add(charge.instance.id);
    const microUsd = divideRoundHalfUp(chargedBy(charge) * percent, 100n);
    rows.push(refundRow(options, charge, { id, atMs, microUsd }));
  }
  return {
    charges: rows.filter(isCharge),
    movements: rows.filter((row): row is Movement => !isCharge(row)),
  };
}

function refundRow(
  options: WorldOptions,
  charge: Charge,
  refund: { readonly id: string; readonly atMs: number; readonly microUsd: bigint },
): Transaction {
  const { id, atMs, microUsd } = refund;
  const span = { id, startMs: atMs, endMs: atMs, appearsMs: atMs };
  const type = readingOf(options, 'voltage-park.refund');
  if (type === 'charge') {
    return { ...span, type: charge.type, instance: charge.instance, refundMicroUsd: microUsd };
  }
  const notePublic = type === 'other' ? `Refund for ${charge.instance.resourceId}` : null;
  return { ...span, type, microUsd, notePublic };
}

/**
 * One machine's charge is cut into months, and the row of a month that it ran through appears 32 to
 * 45 days after that month. None when no such month ends early enough in the world.
 */
export function holdMonthBack(options: WorldOptions, charges: readonly Charge[]): Charge[] {
  const random = faultRandom(options, 'month-charged-late');
  if (random === null) return [...charges];
  const lagMs = random.between(HELD_BACK_DAYS_MIN, HELD_BACK_DAYS_MAX) * DAY_MS;
  const ids = { month: random.uuid(), rest: random.uuid() };
  const candidates = charges.flatMap((charge) => {
    const monthMs = nextMonthMs(Math.max(charge.startMs, options.startMs - 1));
    const monthEndMs = nextMonthMs(monthMs);
    const isFit = charge.endMs > monthEndMs && monthEndMs + lagMs < options.endMs;
    return charge.type === 'charge' && isFit ? [{ charge, monthMs, monthEndMs }] : [];
  });
  if (candidates.length === 0) return [...charges];
  const { charge, monthMs, monthEndMs } = random.pick(candidates);
  const links: Charge[] = [
    { ...charge, endMs: monthMs },
    {
      ...charge,
      id: ids.month,
      startMs: monthMs,
      endMs: monthEndMs,
      appearsMs: monthEndMs + lagMs,
    },
    { ...charge, id: ids.rest, startMs: monthEndMs, appearsMs: monthEndMs },
  ];
  return charges.flatMap((other) => (other === charge ? links : [other]));
}

/**
 * One machine has eight GPUs up to 09:00 to 15:00 UTC of a day in the world's first half and two
 * from then on, whatever else happens to it. The other products have no such call: FlexVM and
 * FlexMetal fix the type of a machine when it is made, and a reinstallation keeps it.
 */
export function resizeMachine(
  options: WorldOptions,
  timelines: readonly Timeline<VirtualMachine>[],
): Timeline<VirtualMachine>[] {
  const random = faultRandom(options, 'resized-machine');
  if (random === null) return [...timelines];
  const { startMs, endMs } = options;
  const hour = random.between(9, 15);
  const candidates = timelines.flatMap((timeline) => {
    const bornMs = Math.max(timeline.changes[0]?.atMs ?? endMs, startMs);
    const last = timeline.changes.at(-1);
    const diedMs = last?.state === null ? last.atMs : endMs;
    const dayMs = Math.ceil(bornMs / DAY_MS) * DAY_MS + DAY_MS;
    const isEarly = dayMs < startMs + (endMs - startMs) / 2;
    const hasGpus = (timeline.changes[0]?.state?.gpuCount ?? 0) > 0;
    return hasGpus && isEarly && dayMs + 2 * DAY_MS < diedMs ? [{ timeline, dayMs }] : [];
  });
  if (candidates.length === 0) return [...timelines];
  const { timeline, dayMs } = random.pick(candidates);
  const atMs = dayMs + hour * HOUR_MS;
  const before = timeline.changes
    .filter((change) => change.atMs < atMs)
    .map(({ atMs: changedMs, state }) => ({
      atMs: changedMs,
      state: sized(state, RESIZED_FROM_GPUS),
    }));
  const running = before.at(-1)?.state ?? null;
  const after = timeline.changes
    .filter((change) => change.atMs > atMs)
    .map(({ atMs: changedMs, state }) => ({
      atMs: changedMs,
      state: sized(state, RESIZED_TO_GPUS),
    }));
  const changes = [...before, { atMs, state: sized(running, RESIZED_TO_GPUS) }, ...after];
  return timelines.map((other) => (other === timeline ? { ...timeline, changes } : other));
}

/** Storage keeps the size that it was made with: eight GPUs' worth. */
function sized(machine: VirtualMachine | null, gpuCount: number): VirtualMachine | null {
  if (machine === null) return null;
  return {
    ...machine,
    gpuCount,
    vcpuCount: gpuCount * VCPUS_PER_GPU,
    ramGb: gpuCount * RAM_GB_PER_GPU,
    storageGb: RESIZED_FROM_GPUS * STORAGE_GB_PER_GPU,
  };
}
