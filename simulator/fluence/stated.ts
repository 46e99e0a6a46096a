/** What the API states of a VM when something goes wrong. The truth is in world.ts and does not know. */

import type { WorldOptions } from '../provider.ts';
import { Random } from '../random.ts';
import { readingOf } from '../readings.ts';
import { faultRandom, overbilled, overbilledPermille } from '../world-faults.ts';
import { EPOCH_MS, type EpochRule, nextBoundaryMs, nextChargeMs } from './epoch.ts';
import type { FluenceEvent } from './types.ts';
import type { VmState } from './world.ts';

const HOUR_MS = 3600 * 1000;
const STALE_MS = HOUR_MS;
/** More than an epoch, so that what the replica tells is always less. */
const REPLICA_LAG_MS = 30 * HOUR_MS;
const ID_CASE_STRETCH_MS = 5 * HOUR_MS;
const FAULT_CHANCE = 0.7;

/** The figures of a VM that the API may get wrong. */
export interface StatedVm {
  readonly id: string;
  readonly spentMicro: bigint;
  readonly nextBillingAtMs: number;
}

/** The part of a VM's life that falls into the world's time: nobody looked at what was before. */
interface Lifetime {
  readonly vmId: string;
  readonly createdAtMs: number;
  readonly fromMs: number;
  readonly endMs: number;
}

/** Half open. */
interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

export function honestVm(vm: VmState): StatedVm {
  const { spentMicro, nextBillingAtMs } = vm;
  return { id: vm.plan.id, spentMicro, nextBillingAtMs };
}

export class StatedVms {
  readonly #rule: EpochRule;
  readonly #idCaseSeed: string | null;
  readonly #permille: number;
  /** By VM id: when its row comes from the replica, and when its counter starts again. */
  readonly #staleWindows: ReadonlyMap<string, Window>;
  readonly #resetInstants: ReadonlyMap<string, number>;
  /** Boundaries in it are charged at its end. */
  readonly #lateWindow: Window | null;

  constructor(options: WorldOptions, events: readonly FluenceEvent[]) {
    this.#rule = readingOf(options, 'fluence.epoch');
    const lifetimes = lifetimesOf(events, options);
    this.#idCaseSeed = faultRandom(options, 'id-case')?.hex(16) ?? null;
    this.#permille = overbilledPermille(options, 'fluence');
    this.#staleWindows = drawStaleWindows(faultRandom(options, 'stale-counter'), lifetimes);
    this.#resetInstants = drawResets(faultRandom(options, 'counter-reset'), lifetimes, this.#rule);
    this.#lateWindow = drawLateWindow(faultRandom(options, 'late-epochs'), options);
  }

  of(vm: VmState, nowMs: number): StatedVm {
    const stale = this.#staleWindows.get(vm.plan.id);
    const asOfMs = stale !== undefined && holds(stale, nowMs) ? nowMs - REPLICA_LAG_MS : nowMs;
    return {
      id: this.#idText(vm.plan.id, nowMs),
      spentMicro: overbilled(this.#counterMicro(vm, asOfMs), this.#permille),
      nextBillingAtMs: this.#nextBillingAtMs(vm, asOfMs),
    };
  }

  /** A counter that starts again keeps a tenth of what it had counted. */
  #counterMicro(vm: VmState, asOfMs: number): bigint {
    const resetAtMs = this.#resetInstants.get(vm.plan.id);
    const countedMicro = this.#countedMicro(vm, asOfMs);
    if (resetAtMs === undefined || asOfMs < resetAtMs) return countedMicro;
    return countedMicro - (this.#countedMicro(vm, resetAtMs) * 9n) / 10n;
  }

  /** The epochs charged by then; those of late boundaries are not, a creation always is. */
  #countedMicro(vm: VmState, asOfMs: number): bigint {
    const late = this.#lateWindow;
    const isLate = late !== null && holds(late, asOfMs);
    let total = 0n;
    for (const { atMs, micro } of vm.charges) {
      if (atMs > asOfMs) break;
      const isWaiting = isLate && atMs >= late.fromMs && atMs !== vm.plan.createdAtMs;
      if (!isWaiting) total += micro;
    }
    return total;
  }

  /** Lies in the past while boundaries are late. */
  #nextBillingAtMs(vm: VmState, asOfMs: number): number {
    const late = this.#lateWindow;
    const { createdAtMs } = vm.plan;
    const isLate = late !== null && holds(late, asOfMs);
    const afterMs = isLate ? Math.max(late.fromMs - 1, createdAtMs) : asOfMs;
    return nextChargeMs(this.#rule, createdAtMs, afterMs);
  }

  #idText(id: string, nowMs: number): string {
    if (this.#idCaseSeed === null) return id;
    const stretch = Math.floor(nowMs / ID_CASE_STRETCH_MS);
    const draw = new Random(`${this.#idCaseSeed}:${id}:${stretch}`).between(0, 2);
    if (draw === 0) return id;
    return draw === 1 ? id.toLowerCase() : `0x${id.slice(2).toUpperCase()}`;
  }
}

function holds(window: Window, atMs: number): boolean {
  return window.fromMs <= atMs && atMs < window.untilMs;
}

function lifetimesOf(events: readonly FluenceEvent[], options: WorldOptions): Lifetime[] {
  const deletedAtMs = new Map<string, number>();
  for (const event of events) {
    if (event.kind === 'deleted') deletedAtMs.set(event.vmId, event.atMs);
  }
  const lifetimes: Lifetime[] = [];
  for (const event of events) {
    if (event.kind !== 'created') continue;
    const { id, createdAtMs } = event.vm;
    const fromMs = Math.max(createdAtMs, options.startMs);
    lifetimes.push({ vmId: id, createdAtMs, fromMs, endMs: deletedAtMs.get(id) ?? options.endMs });
  }
  return lifetimes;
}

/** Every other VM may have one stale hour in its third day or later: a poll an hour sees it once. */
function drawStaleWindows(
  random: Random | null,
  lifetimes: readonly Lifetime[],
): Map<string, Window> {
  const windows = new Map<string, Window>();
  if (random === null) return windows;
  for (const [index, { vmId, fromMs: lifeFromMs, endMs }] of lifetimes.entries()) {
    const fraction = random.fraction();
    const isFaulty = random.chance(FAULT_CHANCE);
    const firstMs = lifeFromMs + 2 * EPOCH_MS;
    const lastMs = endMs - 2 * STALE_MS;
    if (index % 2 === 1 || !isFaulty || lastMs <= firstMs) continue;
    const fromMs = Math.floor(firstMs + fraction * (lastMs - firstMs));
    windows.set(vmId, { fromMs, untilMs: fromMs + STALE_MS });
  }
  return windows;
}

/**
 * The VMs that are never stale may be reset once, hours away from any boundary: who looks in between
 * knows that no epoch hides in the fall.
 */
function drawResets(
  random: Random | null,
  lifetimes: readonly Lifetime[],
  rule: EpochRule,
): Map<string, number> {
  const instants = new Map<string, number>();
  if (random === null) return instants;
  for (const [index, { vmId, createdAtMs, fromMs: lifeFromMs, endMs }] of lifetimes.entries()) {
    const fraction = random.fraction();
    const afterBoundaryMs = random.between(6 * 3600, 18 * 3600) * 1000;
    const isFaulty = random.chance(FAULT_CHANCE);
    const dayMs = lifeFromMs + fraction * (endMs - lifeFromMs);
    const atMs = nextChargeMs(rule, createdAtMs, Math.floor(dayMs)) + afterBoundaryMs;
    if (index % 2 === 0 || !isFaulty || atMs >= endMs) continue;
    instants.set(vmId, atMs);
  }
  return instants;
}

/**
 * Two or three boundaries in the middle third of the world, charged some hours after the last; none
 * in a world that would end before.
 */
function drawLateWindow(random: Random | null, options: WorldOptions): Window | null {
  if (random === null) return null;
  const { startMs, endMs } = options;
  const fraction = (1 + random.fraction()) / 3;
  const fromMs = nextBoundaryMs(Math.floor(startMs + fraction * (endMs - startMs)));
  const lastBoundaryMs = fromMs + random.between(1, 2) * EPOCH_MS;
  const untilMs = lastBoundaryMs + random.between(2 * 3600, 9 * 3600) * 1000;
  return untilMs < endMs ? { fromMs, untilMs } : null;
}
