/** The simulator's own invoice, straight from the billing instances. */
import { divideRoundHalfUp, formatNano } from '../decimal.ts';
import type { InvoiceLine } from '../provider.ts';
import { type BillingInstance, type Charge, cumulativeMicroUsd, type Movement } from './billing.ts';
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

/**
 * One line per resource and UTC month up to `nowMs`, and one per correction; deposits are no cost.
 * A restated charge counts from the instant at which its restatement is known.
 */
export function invoiceLines(
  instances: readonly BillingInstance[],
  restated: readonly Charge[],
  corrections: readonly Movement[],
  nowMs: number,
): InvoiceLine[] {
  const totals = new Map<string, Total>();
  for (const instance of instances) {
    if (instance.startMs > nowMs) break;
    addInstance(totals, instance, nowMs);
  }
  for (const charge of restated) addRestatement(totals, charge, nowMs);
  const usage = [...totals.values()].map(usageLine);
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
    const key = `${month} ${instance.resourceId}`;
    const total = totals.get(key) ?? {
      resourceId: instance.resourceId,
      month,
      microUsd: 0n,
      runningMs: 0,
    };
    total.microUsd += cumulativeMicroUsd(instance, untilMs) - cumulativeMicroUsd(instance, fromMs);
    total.runningMs += untilMs - fromMs;
    totals.set(key, total);
    fromMs = untilMs;
  }
}

function addRestatement(totals: Map<string, Total>, charge: Charge, nowMs: number): void {
  const { restatement, instance } = charge;
  if (restatement === undefined || restatement.knownMs > nowMs) return;
  const total = totals.get(`${monthText(restatement.placedMs)} ${instance.resourceId}`);
  if (total === undefined) throw new Error(`restated before it was charged: ${charge.id}`);
  total.microUsd += restatement.microUsd;
}

function usageLine({ resourceId, month, microUsd, runningMs }: Total): InvoiceLine {
  const nanoHours = divideRoundHalfUp(BigInt(runningMs) * NANO_PER_UNIT, BigInt(HOUR_MS));
  return {
    service: SERVICE,
    resourceId,
    month,
    currency: 'USD',
    amount: usdText(microUsd),
    quantity: formatNano(nanoHours, 9),
    unit: 'Hours',
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

function nextMonthMs(ms: number): number {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
