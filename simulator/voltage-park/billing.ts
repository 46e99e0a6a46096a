/**
 * The truth about money: billing instances with a constant rate, the transactions that charge for
 * them, and what each has come to at an instant. Every amount is bigint micro-USD.
 */
import { divideRoundHalfUp } from '../decimal.ts';
import type { Random } from '../random.ts';
import type { ReadingOf } from '../readings.ts';
import { DAY_MS, HOUR_MS } from './durations.ts';
import {
  type BareMetalRental,
  rentalRate,
  type StorageVolume,
  type Timeline,
  type VirtualMachine,
  virtualMachineRates,
  volumeRate,
} from './fleet.ts';

/** Also the values of the `types` parameter of `/billing/transactions`. */
export const RESOURCE_TYPES = ['virtual_machine', 'baremetal', 'storage_block', 'storage'] as const;
export type ResourceType = (typeof RESOURCE_TYPES)[number];

export interface BillingInstance {
  readonly id: string;
  readonly resourceType: ResourceType;
  readonly resourceId: string;
  readonly startMs: number;
  /** Infinity when it still runs at the world's end. */
  readonly endMs: number;
  readonly microUsdPerHour: bigint;
}

interface TransactionSpan {
  readonly id: string;
  /** The log shows it from here on. */
  readonly appearsMs: number;
  readonly startMs: number;
  /** Infinity when it is still open at the world's end. */
  readonly endMs: number;
}

/** What is added, with its sign, at an instant of a month that was closed before it is known. */
export interface Restatement {
  readonly placedMs: number;
  readonly knownMs: number;
  readonly microUsd: bigint;
}

export interface Charge extends TransactionSpan {
  readonly type: 'charge' | 'baremetal_charge' | 'storage_charge';
  readonly instance: BillingInstance;
  readonly restatement?: Restatement;
  /** Money back for the instance, at `startMs`: such a row charges for nothing. */
  readonly refundMicroUsd?: bigint;
}

/** Money that moves at one instant, `startMs`. Positive amounts raise the balance. */
export interface Movement extends TransactionSpan {
  /** The last three are in no document. */
  readonly type: 'stripe_deposit' | 'other' | 'marketplace_fee' | 'goodwill_grant' | 'credit';
  readonly microUsd: bigint;
  readonly notePublic: string | null;
}

export type Transaction = Charge | Movement;

export function isCharge(transaction: Transaction): transaction is Charge {
  return 'instance' in transaction;
}

export interface Fleet {
  readonly virtualMachines: readonly Timeline<VirtualMachine>[];
  readonly rentals: readonly Timeline<BareMetalRental>[];
  readonly volumes: readonly Timeline<StorageVolume>[];
}

/** Every billing instance of the fleet, earliest first. */
export function billingInstances(
  random: Random,
  fleet: Fleet,
  poweredOff: ReadingOf<'voltage-park.powered-off-rental'> = 'charged',
): BillingInstance[] {
  const baremetalRate = (rental: BareMetalRental): bigint | null =>
    poweredOff === 'free' && rental.powerStatus === 'Stopped' ? null : rentalRate(rental);
  const instances = [
    ...fleet.virtualMachines.flatMap((timeline) => [
      ...instancesOf(random, 'virtual_machine', timeline, computeRate),
      ...instancesOf(
        random,
        'storage_block',
        timeline,
        (machine) => virtualMachineRates(machine).storage,
      ),
    ]),
    ...fleet.rentals.flatMap((timeline) =>
      instancesOf(random, 'baremetal', timeline, baremetalRate),
    ),
    ...fleet.volumes.flatMap((timeline) => instancesOf(random, 'storage', timeline, volumeRate)),
  ];
  return instances.sort(byStartThenId);
}

/** Null while the machine is disassociated: then its compute instance does not run. */
function computeRate(machine: VirtualMachine): bigint | null {
  if (machine.status === 'StoppedDisassociated') return null;
  const rates = virtualMachineRates(machine);
  return rates.gpus + rates.vcpus + rates.ram;
}

/** One instance per stretch of constant rate: any change of the rate closes it and opens another. */
function instancesOf<State>(
  random: Random,
  resourceType: ResourceType,
  timeline: Timeline<State>,
  rateOf: (state: State) => bigint | null,
): BillingInstance[] {
  const instances: BillingInstance[] = [];
  let running: { startMs: number; microUsdPerHour: bigint } | null = null;
  const close = (endMs: number): void => {
    if (running === null) return;
    instances.push({ id: random.uuid(), resourceType, resourceId: timeline.id, endMs, ...running });
  };
  for (const { atMs, state } of timeline.changes) {
    const rate = state === null ? null : rateOf(state);
    const runningRate: bigint | null = running === null ? null : running.microUsdPerHour;
    if (rate === runningRate) continue;
    close(atMs);
    running = rate === null ? null : { startMs: atMs, microUsdPerHour: rate };
  }
  close(Number.POSITIVE_INFINITY);
  return instances;
}

type ChargeSpan = ReadingOf<'voltage-park.charge-span'>;

/**
 * Each instance is charged by one transaction or by a chain of them. No new link of a chain opens at
 * or after `endMs`: the last one stays open.
 */
export function chargesOf(
  random: Random,
  instances: readonly BillingInstance[],
  endMs: number,
  span: ChargeSpan = 'mixed',
): Charge[] {
  return instances.flatMap((instance) => {
    const type = chargeType(instance.resourceType);
    const starts = linkStarts(instance, Math.min(instance.endMs, endMs), span);
    return starts.map((startMs, index): Charge => {
      const id = random.uuid();
      const linkEndMs = starts[index + 1] ?? instance.endMs;
      return { id, appearsMs: startMs, startMs, endMs: linkEndMs, type, instance };
    });
  });
}

function chargeType(resourceType: ResourceType): Charge['type'] {
  if (resourceType === 'baremetal') return 'baremetal_charge';
  return resourceType === 'storage' ? 'storage_charge' : 'charge';
}

/** Where the links of the instance's chain start, before `lastOpenMs`; the first one always does. */
function linkStarts(instance: BillingInstance, lastOpenMs: number, span: ChargeSpan): number[] {
  const { startMs, resourceType } = instance;
  const isDaily = span === 'day' || (span === 'mixed' && resourceType === 'baremetal');
  const starts = [startMs];
  if (!isDaily && span !== 'month') return starts;
  let nextMs = isDaily ? startMs + DAY_MS : nextMonthMs(startMs);
  while (nextMs < lastOpenMs) {
    starts.push(nextMs);
    nextMs = isDaily ? nextMs + DAY_MS : nextMonthMs(nextMs);
  }
  return starts;
}

/** The first instant of the UTC month after the one that holds `ms`. */
export function nextMonthMs(ms: number): number {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

export function byStartThenId(
  left: { startMs: number; id: string },
  right: { startMs: number; id: string },
): number {
  return left.startMs - right.startMs || (left.id < right.id ? -1 : 1);
}

/** What an instance has come to at `atMs`, rounded half up to a micro-USD. */
export function cumulativeMicroUsd(instance: BillingInstance, atMs: number): bigint {
  const elapsedMs = Math.max(0, Math.min(atMs, instance.endMs) - instance.startMs);
  return divideRoundHalfUp(instance.microUsdPerHour * BigInt(elapsedMs), BigInt(HOUR_MS));
}

/**
 * The magnitude that a transaction adds within [fromMs, untilMs), as of `nowMs`: differences of the
 * instance's cumulative amount, so that adjoining windows add up without loss. A movement counts
 * whole, with its own sign, in the window that holds its instant, and so does a refund, negative.
 */
export function amountWithin(
  transaction: Transaction,
  fromMs: number,
  untilMs: number,
  nowMs: number,
): bigint {
  if (transaction.startMs > nowMs) return 0n;
  if (!isCharge(transaction)) {
    const { startMs } = transaction;
    return fromMs <= startMs && startMs < untilMs ? transaction.microUsd : 0n;
  }
  if (transaction.refundMicroUsd !== undefined) {
    const { startMs, refundMicroUsd } = transaction;
    return fromMs <= startMs && startMs < untilMs ? -refundMicroUsd : 0n;
  }
  const lowMs = Math.max(transaction.startMs, fromMs);
  const highMs = Math.min(transaction.endMs, untilMs, nowMs);
  if (highMs <= lowMs) return 0n;
  const { instance, restatement } = transaction;
  const metered = cumulativeMicroUsd(instance, highMs) - cumulativeMicroUsd(instance, lowMs);
  const isRestated =
    restatement !== undefined &&
    restatement.knownMs <= nowMs &&
    lowMs <= restatement.placedMs &&
    restatement.placedMs < highMs;
  return isRestated ? metered + restatement.microUsd : metered;
}

/** The sign with which a transaction moves the balance. */
export function balanceEffect(transaction: Transaction, magnitude: bigint): bigint {
  return isCharge(transaction) ? -magnitude : magnitude;
}
