/** Draws what goes wrong in the billing log: rows that come late, twice, restated or of unknown types. */
import { divideRoundHalfUp } from '../decimal.ts';
import type { WorldOptions } from '../provider.ts';
import { faultRandom, overbilled, overbilledPermille } from '../world-faults.ts';
import { amountWithin, type Charge, type Movement } from './billing.ts';
import { DAY_MS, HOUR_MS } from './durations.ts';

const LATE_CHANCE = 0.3;
const LATE_HOURS_MIN = 1;
const LATE_HOURS_MAX = 72;
/** What lives longer is told while it lives: nobody reads a month for ever. */
const TOLD_AFTER_END_LIFE_MS_MAX = 7 * DAY_MS;
const REPEATED_CHANCE = 0.1;
const RESTATED_DAYS_MIN = 2;
const RESTATED_DAYS_MAX = 5;
const RESTATED_MICRO_USD_MIN = 1_000_000n;
const MICRO_USD_PER_CENT = 10_000n;

/** By the fraction of the world's time at which they are booked. */
const UNKNOWN_MOVEMENTS = [
  { fraction: 0.25, type: 'marketplace_fee', microUsd: -36_750_000n },
  { fraction: 0.5, type: 'goodwill_grant', microUsd: 25_000_000n },
  { fraction: 0.8, type: 'marketplace_fee', microUsd: -4_200_000n },
] as const;

/** Where the second copy of a row stands: behind the first, or at the end of the list. */
export type Repeat = 'next' | 'last';

/** Charges appear at their start unless they are late. */
export function delayCharges(options: WorldOptions, charges: readonly Charge[]): Charge[] {
  const random = faultRandom(options, 'late-transactions');
  if (random === null) return [...charges];
  return charges.map((charge) => {
    const isLate = random.chance(LATE_CHANCE);
    const isToldAfterEnd =
      random.chance(0.5) && charge.endMs - charge.startMs <= TOLD_AFTER_END_LIFE_MS_MAX;
    const lagMs = random.between(LATE_HOURS_MIN * HOUR_MS, LATE_HOURS_MAX * HOUR_MS);
    const appearsMs = (isToldAfterEnd ? charge.endMs : charge.startMs) + lagMs;
    return isLate && appearsMs < options.endMs ? { ...charge, appearsMs } : charge;
  });
}

/** One charge of each closed month is lowered by 10 to 40 % of its month, days after the month. */
export function restateCharges(options: WorldOptions, charges: readonly Charge[]): Charge[] {
  const random = faultRandom(options, 'restated-month');
  const restated = new Map<string, Charge>();
  if (random === null) return [...charges];
  for (const month of closedMonths(options)) {
    const knownMs = month.endMs + random.between(RESTATED_DAYS_MIN, RESTATED_DAYS_MAX) * DAY_MS;
    const percent = BigInt(random.between(10, 40));
    const amountOf = (charge: Charge): bigint =>
      amountWithin(charge, month.startMs, month.endMs, month.endMs);
    const candidates = charges.filter(
      (charge) =>
        charge.appearsMs < month.endMs &&
        !restated.has(charge.id) &&
        amountOf(charge) >= RESTATED_MICRO_USD_MIN,
    );
    if (candidates.length === 0 || knownMs >= options.endMs) continue;
    const charge = random.pick(candidates);
    const microUsd = -divideRoundHalfUp(amountOf(charge) * percent, 100n);
    const placedMs = Math.min(charge.endMs, month.endMs) - 1;
    restated.set(charge.id, { ...charge, restatement: { placedMs, knownMs, microUsd } });
  }
  return charges.map((charge) => restated.get(charge.id) ?? charge);
}

/** With each closed month's restatement comes a credit for it, booked when it becomes known. */
export function drawRestatementCredits(options: WorldOptions): Movement[] {
  const random = faultRandom(options, 'restated-month')?.fork('credits');
  if (random === undefined) return [];
  return closedMonths(options).flatMap(({ startMs, endMs }): Movement[] => {
    const atMs = endMs + random.between(RESTATED_DAYS_MIN, RESTATED_DAYS_MAX) * DAY_MS;
    const microUsd = BigInt(random.between(500, 5_000)) * MICRO_USD_PER_CENT;
    const notePublic = `Credit for ${new Date(startMs).toISOString().slice(0, 7)}`;
    const span = { id: random.uuid(), startMs: atMs, endMs: atMs, appearsMs: atMs };
    return atMs < options.endMs ? [{ ...span, type: 'other', microUsd, notePublic }] : [];
  });
}

export function drawUnknownMovements(options: WorldOptions): Movement[] {
  const random = faultRandom(options, 'unknown-transactions');
  if (random === null) return [];
  const { startMs, endMs } = options;
  return UNKNOWN_MOVEMENTS.map(({ fraction, type, microUsd }) => {
    const atMs = Math.floor(startMs + fraction * (endMs - startMs));
    const span = { id: random.uuid(), startMs: atMs, endMs: atMs, appearsMs: atMs };
    return { ...span, type, microUsd, notePublic: null };
  });
}

/** By transaction id. */
export function drawRepeats(
  options: WorldOptions,
  transactions: readonly { readonly id: string }[],
): Map<string, Repeat> {
  const repeats = new Map<string, Repeat>();
  const random = faultRandom(options, 'repeated-transactions');
  if (random === null) return repeats;
  for (const { id } of transactions) {
    const place = random.pick(['next', 'last'] as const);
    if (random.chance(REPEATED_CHANCE)) repeats.set(id, place);
  }
  return repeats;
}

/** The transactions charge too much; the machines' own rates and the invoice do not. */
export function overbillCharges(options: WorldOptions, charges: readonly Charge[]): Charge[] {
  const permille = overbilledPermille(options, 'voltage-park');
  if (permille === 0) return [...charges];
  return charges.map((charge) => {
    const microUsdPerHour = overbilled(charge.instance.microUsdPerHour, permille);
    return { ...charge, instance: { ...charge.instance, microUsdPerHour } };
  });
}

/** Every UTC month that ends inside the world, from the world's start on. */
function closedMonths(options: WorldOptions): { startMs: number; endMs: number }[] {
  const months: { startMs: number; endMs: number }[] = [];
  let startMs = options.startMs;
  for (;;) {
    const start = new Date(startMs);
    const endMs = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1);
    if (endMs >= options.endMs) return months;
    months.push({ startMs, endMs });
    startMs = endMs;
  }
}
