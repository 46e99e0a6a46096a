/** Fields that several reference files have, with what a person reads when one is wrong. */
import * as z from 'zod';
import { hasFormOfInstant, instantMs, isDay } from '../../foundation/days.ts';

const DAY_FORM = /^\d{4}-\d{2}-\d{2}$/;
/** Keys are in indexes, and nothing that a person names is longer. */
const TEXT_LENGTH_MAX = 200;
const QUOTED_LENGTH_MAX = 40;

/** The value as a message can quote it. */
export function quoted(value: unknown): string {
  const text = String(value);
  return text.length > QUOTED_LENGTH_MAX ? `${text.slice(0, QUOTED_LENGTH_MAX)}…` : text;
}

/** A UTC day, `YYYY-MM-DD`. */
export const day = z
  .string()
  .regex(DAY_FORM, { error: 'must be a UTC day such as 2026-10-01', abort: true })
  .refine(isDay, { error: ({ input }) => `${quoted(input)} is not a date that exists` });

/** A UTC day, or an instant of UTC by the minute or second. */
export const instant = z
  .string()
  .refine((text) => hasFormOfInstant(text) && /^[\d-]+$|Z$/.test(text) && !text.includes('.'), {
    error: 'must be a UTC day (2026-10-01) or instant (2026-10-01T13:20:00Z)',
    abort: true,
  })
  .refine((text) => instantMs(text) !== null, {
    error: ({ input }) => `${quoted(input)} is not a date that exists`,
  });

/** A text that is not empty. */
export const filled = z
  .string()
  .min(1, 'must not be empty')
  .max(TEXT_LENGTH_MAX, {
    error: ({ input }) =>
      `must have ${TEXT_LENGTH_MAX} characters at most, not ${String(input).length}`,
  });

/** A plain decimal that a column with so many digits holds. */
export function decimal(wholeDigits: number, fractionDigits: number) {
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/, {
      error: ({ input }) => `must be a plain decimal such as 0.125${commaHint(input)}`,
      abort: true,
    })
    .refine((text) => (text.split('.')[1]?.length ?? 0) <= fractionDigits, {
      error: `must have ${fractionDigits} digits after the point at most`,
    })
    .refine((text) => (text.split('.')[0] ?? '').replace(/^0+/, '').length <= wholeDigits, {
      error: `must have ${wholeDigits} digits before the point at most`,
    });
}

function commaHint(input: unknown): string {
  return /^\d+,\d+$/.test(String(input)) ? ': write a point, not a comma' : '';
}
