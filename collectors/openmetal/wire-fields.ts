/**
 * Field shapes that several OpenMetal answers share. Most members may be missing or null. They are
 * as strict as the casts and columns behind them, so that a record that SQL could not read is set
 * aside by itself.
 */
import * as z from 'zod';

/**
 * Largest amount of one line or total, in cents: 10¹⁰ USD. The ledger holds 10¹¹, and keeps sums of
 * lines beside it.
 */
const CENTS_MAX = 1e12;
/** Largest rate of one asset in cents an hour: what it costs from 2000 to 2100 fits the ledger. */
const CENTS_PER_HOUR_MAX = 1e7;
/** Hours, counts, sizes. */
const COUNT_MAX = 1e12;
const MILS_PER_CENT = 10;
const CENTS_PER_USD = 100;

/** What PostgreSQL can read, too: a year of ours and an offset that exists on Earth. */
const READABLE = /^(?:19|20)[\d-]{8}T[\d:.]+(?:Z|[+-](?:0\d|1[0-4]):\d{2})?$/;
/** From 2000 to 2099: what charges are counted from. */
const THIS_CENTURY = /^20/;

/** `2026-03-02T14:30:40+00:00`, `…Z`, with or without fractions. */
export const instant = z.iso.datetime({ offset: true }).regex(READABLE);

/** An instant that decides what is charged. */
export const billingInstant = instant.regex(THIS_CENTURY, 'expected an instant of this century');

/** Dates of cloud stats: `2025-12-19T10:46:57.296469`, without a zone; UTC is meant. */
export const naiveInstant = z.iso.datetime({ offset: true, local: true }).regex(READABLE);

/** A date of cloud stats that decides what is charged. */
export const naiveBillingInstant = naiveInstant.regex(
  THIS_CENTURY,
  'expected an instant of this century',
);

/** A number from `min` to `max`, or its text, as PostgreSQL's numeric reads it. */
function decimalBetween(min: number, max: number) {
  const isWithin = (value: string): boolean => Number(value) >= min && Number(value) <= max;
  return z.union([
    z.number().min(min).max(max),
    z
      .string()
      .regex(/^-?\d{1,20}(?:\.\d{1,20})?$/)
      .refine(isWithin, `expected a number from ${min} to ${max}`),
  ]);
}

/** A number that no charge rests on. */
export const decimal = decimalBetween(-COUNT_MAX, COUNT_MAX);

/** Hours, counts and sizes. */
export const count = decimalBetween(0, COUNT_MAX);

/** Money of a line or a whole term. */
export const cents = decimalBetween(-CENTS_MAX, CENTS_MAX);
export const dollars = decimalBetween(-CENTS_MAX / CENTS_PER_USD, CENTS_MAX / CENTS_PER_USD);

/** A rate; cents of a bill, mils (1/1000 USD) of the catalogue. */
export const centsPerHour = decimalBetween(0, CENTS_PER_HOUR_MAX);
export const milsPerHour = decimalBetween(0, CENTS_PER_HOUR_MAX * MILS_PER_CENT);

/** The hash ids of Central: `0Absd1`. */
export const hashId = z.string().min(1);

export const text = z.string();

/** Kept and not read: any shape, or nothing. */
export const unread = z.unknown().optional();
