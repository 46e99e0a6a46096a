/**
 * Field shapes of Fluence's first VM generation, as strict as the casts in staging, so that a
 * record that SQL could not read is set aside by itself.
 */
import * as z from 'zod';

/** Above 10^10 USDC an amount does not fit the ledger; it is another unit. */
const MICRO_USDC_DIGITS_MAX = 16;

/** Integer micro-USDC, which the vendor writes as a number in one field and as text in the next. */
export const microUsdc = z.union([
  z.int().nonnegative(),
  z.string().regex(new RegExp(`^\\d{1,${MICRO_USDC_DIGITS_MAX}}$`), 'not whole micro-USDC'),
]);

/** Decimal USDC; the leading zero may be missing. */
export const decimalUsdc = z.union([
  z.number().nonnegative().max(1e10),
  z.string().regex(/^(?:\d{1,10}(?:\.\d{0,15})?|\.\d{1,15})$/, 'not a decimal amount of USDC'),
]);

/** Units as the resource's type has them: cores, MiB, addresses. */
export const resourceQuantity = z.union([
  z.number().nonnegative().max(1e9),
  z.string().regex(/^\d{1,9}(?:\.\d{1,9})?$/, 'not a quantity'),
]);

const calendarInstant = z.iso.datetime();

/**
 * An instant in UTC, to the second at least: `+002025-04-01T16:50:57.000000000Z`, with the sign and
 * the two zeros or without. The rest must be a real calendar date.
 */
export const instant = z
  .string()
  .regex(/^(?:\+00)?20\d\d-.{14}(?:\.\d{1,9})?Z$/, 'not an instant in UTC')
  .refine((text) => calendarInstant.safeParse(text.replace(/^\+00/, '')).success, {
    error: 'no such date',
  });

/** Where a machine or an offer is; the index tells datacenters of one city apart. */
export const datacenterPlace = z.looseObject({
  countryCode: z.string().min(1),
  cityCode: z.string().min(1),
  cityIndex: z.union([z.int(), z.string().min(1)]),
});
