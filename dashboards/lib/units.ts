/**
 * What a number is, in Grafana's units. Money has no currency sign: its currency is chosen in a
 * variable, so the panel's title or a column names it. Grafana's `locale` groups thousands and drops
 * zeros (578.2), `none` keeps them and groups nothing (578.20): what has decimals is `none`.
 */
export interface Quantity {
  readonly unit: string;
  readonly decimals: number;
}

export const MONEY: Quantity = { unit: 'none', decimals: 2 };
/** Where cents are noise: axes, sums of a month, overviews. */
export const MONEY_COARSE: Quantity = { unit: 'locale', decimals: 0 };
/** Prices of an hour of something. */
export const PRICE: Quantity = { unit: 'none', decimals: 4 };
/** A share of 1. */
export const SHARE: Quantity = { unit: 'percentunit', decimals: 1 };
/** A duration counted in hours: shown as hours, days or weeks. */
export const HOURS: Quantity = { unit: 'h', decimals: 1 };
/** Hours as an amount, not as a duration: 1234.5. */
export const AMOUNT_OF_HOURS: Quantity = { unit: 'none', decimals: 1 };
/** Whole hours as an amount: 1,234. */
export const WHOLE_HOURS: Quantity = { unit: 'locale', decimals: 0 };
/** A ratio around 1. */
export const RATIO: Quantity = { unit: 'none', decimals: 2 };
/** Spans that stay what they are: `h` and `d` would turn hours into days, and days into weeks. */
export const SPAN_HOURS: Quantity = { unit: 'suffix: h', decimals: 1 };
export const SPAN_DAYS: Quantity = { unit: 'suffix: d', decimals: 1 };
export const MILLISECONDS: Quantity = { unit: 'ms', decimals: 0 };
export const BYTES: Quantity = { unit: 'bytes', decimals: 1 };
export const COUNT: Quantity = { unit: 'locale', decimals: 0 };
/** An instant, from a timestamptz column. */
export const INSTANT: Quantity = { unit: 'dateTimeAsIso', decimals: 0 };
/** The same where its year is plain and room is short. */
export const SHORT_INSTANT: Quantity = { unit: 'time:DD MMM HH:mm', decimals: 0 };
