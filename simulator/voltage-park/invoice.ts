/** The simulator's own invoice, straight from the billing instances. */
import { divideRoundHalfUp, formatNano } from '../decimal.ts';
import type { InvoiceLine } from '../provider.ts';
import type { ReadingOf } from '../readings.ts';
import {
  type BillingInstance,
  type Charge,
  cumulativeMicroUsd,
  type Movement,
  nextMonthMs,
} from './billing.ts';
import { HOUR_MS } from './durations.ts';
import { usdText } from './prices.ts';

const SERVICE = 'voltage-park';
const NANO_PER_UNIT = 1_000_000_000n;

interface Total {
  readonly resourceId: string;
  readonly month: string;
  microUsd: bigint;
  runningMs: number;
}

/** All that the organisation pays for or gets back, instances earliest first. */
export interface Booked {
  readonly instances: readonly BillingInstance[];
  readonly restated: readonly Charge[];
  readonly refunds: readonly Charge[];
  readonly corrections: readonly Movement[];
}

/**
 * One line per resource and UTC month up to `nowMs`, and one per correction; deposits are no cost.
 * A restated charge counts from the instant at which its restatement is known, a refund in the month
 * in which it is paid.
 */
export function invoiceLines(
  { instances, restated, refunds, corrections }: Booked,
  storageLink: ReadingOf<'voltage-park.storage-link'>,
  nowMs: number,
): InvoiceLine[] {
  const totals = new Map<string, Total>();
  for (const instance of instances) {
    if (instance.startMs > nowMs) break;
    addInstance(totals, instance, nowMs);
  }
  for (const charge of restated) addRestatement(totals, charge, nowMs);
  for (const charge of refunds) addRefund(totals, charge, nowMs);
  const otherIds = storageLink === 'instance' ? storageInstanceIds(instances) : new Map();
  const usage = [...totals.values()].map((total) => usageLine(total, otherIds));
  const corrected = corrections
    .filter((correction) => correction.startMs <= nowMs)
    .map(correctionLine);
  return [...usage, ...corrected].sort(byMonthThenResource);
}

function addInstance(totals: Map<string, Total>, instance: BillingInstance, nowMs: number): void {
  const stopMs = Math.min(instance.endMs, nowMs);
  let fromMs = instance.startMs;
  while (fromMs < stopMs) {
    const untilMs = Math.min(nextMonthMs(fromMs), stopMs);
    const month = monthText(fromMs);
    const total = totalOf(totals, instance.resourceId, month);
    total.microUsd += cumulativeMicroUsd(instance, untilMs) - cumulativeMicroUsd(instance, fromMs);
    total.runningMs += untilMs - fromMs;
    fromMs = untilMs;
  }
}

function totalOf(totals: Map<string, Total>, resourceId: string, month: string): Total {
  const key = `${month} ${resourceId}`;
  const total = totals.get(key) ?? { resourceId, month, microUsd: 0n, runningMs: 0 };
  totals.set(key, total);
  return total;
}

function addRefund(totals: Map<string, Total>, charge: Charge, nowMs: number): void {
  if (charge.startMs > nowMs) return;
  const total = totalOf(totals, charge.instance.resourceId, monthText(charge.startMs));
  total.microUsd -= charge.refundMicroUsd ?? 0n;
}

/** By volume: the ids under which the log charges for it when they are not its own. */
function storageInstanceIds(instances: readonly BillingInstance[]): Map<string, string[]> {
  const idsByVolume = new Map<string, string[]>();
  for (const { id, resourceType, resourceId } of instances) {
    if (resourceType !== 'storage') continue;
    idsByVolume.set(resourceId, [...(idsByVolume.get(resourceId) ?? []), id]);
  }
  return idsByVolume;
}

function addRestatement(totals: Map<string, Total>, charge: Charge, nowMs: number): void {
  const { restatement, instance } = charge;
  if (restatement === undefined || restatement.knownMs > nowMs) return;
  const total = totals.get(`${monthText(restatement.placedMs)} ${instance.resourceId}`);
  if (total === undefined) throw new Error(`restated before it was charged: ${charge.id}`);
  total.microUsd += restatement.microUsd;
}

function usageLine(total: Total, otherIds: ReadonlyMap<string, string[]>): InvoiceLine {
  const { resourceId, month, microUsd, runningMs } = total;
  const others = otherIds.get(resourceId);
  const nanoHours = divideRoundHalfUp(BigInt(runningMs) * NANO_PER_UNIT, BigInt(HOUR_MS));
  return {
    service: SERVICE,
    resourceId,
    month,
    currency: 'USD',
    amount: usdText(microUsd),
    quantity: formatNano(nanoHours, 9),
    unit: 'Hours',
    ...(others === undefined ? {} : { otherIds: others }),
  };
}

function correctionLine(correction: Movement): InvoiceLine {
  return {
    service: SERVICE,
    resourceId: correction.id,
    month: monthText(correction.startMs),
    currency: 'USD',
    amount: usdText(-correction.microUsd),
    quantity: '1',
    unit: 'Each',
  };
}

function byMonthThenResource(left: InvoiceLine, right: InvoiceLine): number {
  const leftKey = `${left.month} ${left.resourceId}`;
  const rightKey = `${right.month} ${right.resourceId}`;
  return leftKey < rightKey ? -1 : 1;
}

function monthText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}
