/** The columns of the CSV reference files, and what each may hold. */
import * as z from 'zod';
import type { Product } from '../../foundation/product.ts';
import { day, decimal, filled, instant, quoted } from './fields.ts';

/** Prices: `reference.unit_price` holds 15 digits after the point. */
const PRICE_FRACTION_DIGITS = 15;
/** A price by the hour with more would give costs that `ledger.money` cannot hold. */
const PRICE_WHOLE_DIGITS = { Hours: 7, Months: 9 } as const;
/** `reference.exchange_rate.rate`: 10 digits after the point. */
const RATE_FRACTION_DIGITS = 10;
const RATE_WHOLE_DIGITS = 7;

const month = day.regex(/-01$/, 'must be the first of a month: a basis holds for whole UTC months');
const currency = z.string().regex(/^[A-Z]{3,5}$/, 'must be a currency code such as EUR');
const price = decimal(PRICE_WHOLE_DIGITS.Months, PRICE_FRACTION_DIGITS);
const orNull = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? null : value), schema.nullable());

/** Where a row stands, for `explain` and for error messages. */
export interface Origin {
  readonly source_file: string;
  readonly source_line: number;
}

export type Rate = z.infer<ReturnType<typeof rateRow>> & Origin;
export type Contract = z.infer<ReturnType<typeof contractRow>> & Origin;
export type BillingBasis = z.infer<ReturnType<typeof billingBasisRow>> & Origin;
export type ExchangeRate = z.infer<typeof exchangeRateRow> & Origin;

/** A row of a rate card; `products` are those that a price can be of. */
export function rateRow(products: readonly Product[]) {
  return z
    .strictObject({
      provider: productOf(products),
      account: orNull(filled),
      sku: filled,
      region: filled,
      contract_id: z.union([z.literal(''), filled]),
      unit: z.string().regex(/^(Hours|Months)$/, 'must be Hours or Months (UTC calendar months)'),
      unit_price: price,
      list_unit_price: orNull(price),
      currency,
      valid_from: instant,
      valid_to: orNull(instant),
    })
    .superRefine((row, context) => {
      if (row.unit !== 'Hours') return;
      for (const name of ['unit_price', 'list_unit_price'] as const) {
        const whole = (row[name]?.split('.')[0] ?? '').replace(/^0+/, '');
        if (whole.length <= PRICE_WHOLE_DIGITS.Hours) continue;
        const message = `must have ${PRICE_WHOLE_DIGITS.Hours} digits before the point at most for a price by the hour`;
        context.addIssue({ code: 'custom', path: [name], message });
      }
    });
}

export function contractRow(products: readonly Product[]) {
  return z.strictObject({
    provider: productOf(products),
    account: orNull(filled),
    contract_id: filled,
    sku: filled,
    region: filled,
    capacity: z.string().regex(/^[1-9]\d{0,5}$/, 'must be a whole number of servers below 1000000'),
    starts_at: instant,
    ends_at: instant,
  });
}

/** A row of the billing bases; only products that declare billing models have any. */
export function billingBasisRow(products: readonly Product[]) {
  const withModels = products.filter(({ billingModels }) => billingModels.length > 0);
  const modelsOf = (provider: string): readonly string[] =>
    withModels.find(({ id }) => id === provider)?.billingModels ?? [];
  const ids = withModels.map(({ id }) => id);
  return z
    .strictObject({
      provider: z.string().refine((text) => ids.includes(text), {
        error: `must be ${inWords(ids)}: others have one basis`,
      }),
      account: filled,
      cloud_id: filled,
      basis: z
        .string()
        .refine((text) => withModels.some((one) => one.billingModels.includes(text)), {
          error: `must be ${inWords([...new Set(withModels.flatMap((one) => one.billingModels))])}`,
          abort: true,
        }),
      valid_from: month,
      valid_to: orNull(month),
    })
    .superRefine(({ provider, basis }, context) => {
      const models = modelsOf(provider);
      if (models.includes(basis)) return;
      const message = `must be ${inWords(models)} for ${provider}`;
      context.addIssue({ code: 'custom', path: ['basis'], message });
    });
}

export const exchangeRateRow = z
  .strictObject({
    base: currency,
    quote: currency,
    valid_from: day,
    rate: decimal(RATE_WHOLE_DIGITS, RATE_FRACTION_DIGITS).refine(
      (text) => /[1-9]/.test(text),
      'must be more than 0',
    ),
    source: filled,
  })
  .refine(({ base, quote }) => base !== quote, {
    path: ['quote'],
    error: 'must be another currency than base',
  });

function productOf(products: readonly Product[]) {
  const ids = products.map(({ id }) => id);
  return filled.refine((text) => ids.includes(text), {
    error: ({ input }) => `${quoted(input)} is no product: use ${inWords(ids)}`,
  });
}

/** `a, b or c`. */
function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? 'nothing';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
}
