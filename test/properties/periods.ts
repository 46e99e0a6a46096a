/** Random periods where days are easily got wrong, and which UTC days they touch. */
import * as fc from 'fast-check';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Leap days, the nights in which some zone changes its clock, ends of months and years. */
const DELICATE_DAYS = [
  '2024-02-28',
  '2024-02-29',
  '2026-02-28',
  '2026-03-08',
  '2026-03-29',
  '2026-04-04',
  '2026-10-03',
  '2026-10-24',
  '2026-10-31',
  '2026-11-01',
  '2026-12-31',
  '2028-02-29',
].map((day) => Date.parse(day));

/** Unix milliseconds on or near a delicate day: any instant of it, its midnight, just beside it. */
export const delicateInstantMs: fc.Arbitrary<number> = fc
  .tuple(
    fc.constantFrom(...DELICATE_DAYS),
    fc.oneof(fc.constantFrom(0, 1, -1, HOUR_MS), fc.integer({ min: -DAY_MS, max: 2 * DAY_MS })),
  )
  .map(([dayMs, offsetMs]) => dayMs + offsetMs);

/** A millisecond, an epoch, a term or anything up to 40 days. */
export const lengthMs: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 1, max: 40 * DAY_MS }),
  fc.integer({ min: 1, max: 2 * DAY_MS }),
  fc.constantFrom(1, DAY_MS, 30 * DAY_MS),
);

export const isoOf = (ms: number): string => new Date(ms).toISOString();
export const dayOf = (ms: number): string => isoOf(ms).slice(0, 'YYYY-MM-DD'.length);
export const monthOf = (ms: number): string => isoOf(ms).slice(0, 'YYYY-MM'.length);

/** A UTC day and how much of a period lies before its end, in milliseconds. */
export interface DayOfPeriod {
  readonly day: string;
  readonly elapsedMs: number;
}

/** The UTC days that a half-open period touches, in order. */
export function daysOfPeriod(startMs: number, endMs: number): DayOfPeriod[] {
  const days: DayOfPeriod[] = [];
  let midnightMs = Math.floor(startMs / DAY_MS) * DAY_MS;
  while (midnightMs < endMs) {
    const nextMs = midnightMs + DAY_MS;
    days.push({ day: dayOf(midnightMs), elapsedMs: Math.min(nextMs, endMs) - startMs });
    midnightMs = nextMs;
  }
  return days;
}
