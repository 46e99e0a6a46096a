/** The shape of the budgets file. */
import * as z from 'zod';
import { day, filled } from './fields.ts';

const decimalText = (form: RegExp, message: string) =>
  z
    .union([z.string(), z.number()])
    .transform(String)
    .refine((text) => form.test(text), message);
const amount = decimalText(
  /^(?=.*[1-9])\d{1,11}(\.\d{1,9})?$/,
  'must be a plain decimal above 0 such as 12000',
);
const growth = decimalText(
  /^(-\d{1,2}|\d{1,4})(\.\d{1,4})?$/,
  'must be a percentage above -100 such as 10 or -5.5',
);
const percents = z
  .array(decimalText(/^(?=.*[1-9])\d{1,4}(\.\d{1,2})?$/, 'must be a percentage such as 80'))
  .max(10, 'must be 10 thresholds at most');

const Budget = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must be lower-case letters, digits, . _ -'),
  scope: z.union([z.literal('total'), z.record(z.string(), filled)], {
    error: 'must be total, or dimensions such as { team: research }',
  }),
  period: z.enum(['month', 'quarter', 'year'], 'must be month, quarter or year'),
  amount: amount.optional(),
  growth_percent: growth.optional(),
  thresholds: z
    .strictObject({
      actual: percents.default(['50', '80', '100']),
      forecast: percents.default(['100']),
    })
    .prefault({}),
  children_may_exceed: z.boolean().default(false),
  channels: z.array(filled).optional(),
  valid_from: day.optional(),
  valid_to: day.optional(),
});

export const BudgetsFile = z.strictObject({ budgets: z.array(Budget) });
export type BudgetsContent = z.infer<typeof BudgetsFile>;
export type BudgetEntry = BudgetsContent['budgets'][number];
