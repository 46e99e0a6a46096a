/**
 * Random lives of i3D machines under a random rate card, and what they owe, counted one block of an
 * hour at a time: no formula is shared with the SQL.
 */
import * as fc from 'fast-check';
import { addUnits, unitsOf } from './decimal.ts';
import { DAY_MS, dayOf, delicateInstantMs, HOUR_MS, isoOf } from './periods.ts';

/** One machine; `endMs` null while nobody knows an end. Whole seconds, as FlexMetal tells them. */
export interface Life {
  readonly id: string;
  readonly startMs: number;
  readonly endMs: number | null;
}

/** One price from an instant until the next one; null: the rate card has a gap. */
export interface PriceSpan {
  readonly fromMs: number;
  readonly price: string | null;
}

const SECOND_MS = 1000;
/** No charge is older than this. */
const BEFORE_ALL_MS = Date.parse('2020-01-01');

const wholeSecond = (ms: number): number => Math.floor(ms / SECOND_MS) * SECOND_MS;

/** Lives of seconds, hours, days and months, from about one instant on. */
export function lives(aroundMs: number): fc.Arbitrary<Life[]> {
  const lengthMs = fc.oneof(
    fc.integer({ min: 1, max: 4 * HOUR_MS }),
    fc.integer({ min: 1, max: 3 * DAY_MS }),
    fc.integer({ min: 1, max: 45 * DAY_MS }),
    fc.constantFrom(SECOND_MS, HOUR_MS, HOUR_MS + SECOND_MS, DAY_MS),
  );
  const life = fc.record({
    startMs: fc.oneof(
      fc.integer({ min: -40 * DAY_MS, max: 2 * DAY_MS }),
      fc.constantFrom(0, HOUR_MS, -HOUR_MS, -SECOND_MS),
    ),
    lengthMs: fc.option(lengthMs, { freq: 4 }),
  });
  return fc.array(life, { minLength: 1, maxLength: 25 }).map((all) =>
    all.map(({ startMs, lengthMs: length }, index): Life => {
      const beginMs = wholeSecond(aroundMs + startMs);
      const endMs = length === null ? null : beginMs + Math.max(SECOND_MS, wholeSecond(length));
      return { id: `machine-${index}`, startMs: beginMs, endMs };
    }),
  );
}

/** A rate card that changes at up to five random instants, with gaps. */
export function priceSpans(aroundMs: number): fc.Arbitrary<PriceSpan[]> {
  const price = fc.option(fc.constantFrom('0.25', '1', '0.123456789', '3.9', '0'), { freq: 5 });
  const change = fc.record({
    offsetMs: fc.integer({ min: -45 * DAY_MS, max: 5 * DAY_MS }),
    price,
  });
  return fc
    .tuple(price, fc.uniqueArray(change, { maxLength: 5, selector: (one) => one.offsetMs }))
    .map(([first, changes]) => [
      { fromMs: BEFORE_ALL_MS, price: first },
      ...changes
        .map((one) => ({ fromMs: aroundMs + one.offsetMs, price: one.price }))
        .sort((a, b) => a.fromMs - b.fromMs),
    ]);
}

/** A fleet, its rate card and the instant of the question, about an end of a month or the like. */
export const fleet = delicateInstantMs.chain((aroundMs) =>
  fc.record({
    lives: lives(aroundMs),
    spans: priceSpans(aroundMs),
    nowMs: fc.integer({ min: -DAY_MS, max: 3 * DAY_MS }).map((offset) => aroundMs + offset),
  }),
);

/** The rate card as rows `[from, to)`; a gap has no row. */
export function rateRows(
  spans: readonly PriceSpan[],
): { price: string; from: string; to: string | null }[] {
  return spans.flatMap(({ fromMs, price }, index) => {
    const nextMs = spans[index + 1]?.fromMs;
    if (price === null || nextMs === fromMs) return [];
    return [{ price, from: isoOf(fromMs), to: nextMs === undefined ? null : isoOf(nextMs) }];
  });
}

/** The first instant of the UTC month after the one that holds an instant. */
function nextMonthMs(ms: number): number {
  const at = new Date(ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}

/** Starts of a life's blocks begun before `nowMs`: every 3600 s, and anew with each UTC month. */
export function blockStarts({ startMs, endMs }: Life, nowMs: number): number[] {
  const stopMs = Math.min(endMs ?? nowMs, nowMs);
  const starts: number[] = [];
  let blockMs = startMs;
  while (blockMs < stopMs) {
    starts.push(blockMs);
    blockMs = Math.min(blockMs + HOUR_MS, nextMonthMs(blockMs));
  }
  return starts;
}

/** The price in force at an instant; 0 in a gap. */
export function priceAt(spans: readonly PriceSpan[], ms: number): string {
  return spans.findLast(({ fromMs }) => fromMs <= ms)?.price ?? '0';
}

/** Hours and costs owed, in units, per `machine day hours` and `machine day cost`. */
export function owedByBlocks(
  all: readonly Life[],
  spans: readonly PriceSpan[],
  nowMs: number,
): Map<string, bigint> {
  const owed = new Map<string, bigint>();
  for (const life of all) {
    for (const ms of blockStarts(life, nowMs)) {
      addUnits(owed, `${life.id} ${dayOf(ms)} hours`, unitsOf('1'));
      addUnits(owed, `${life.id} ${dayOf(ms)} cost`, unitsOf(priceAt(spans, ms)));
    }
  }
  return owed;
}
