/** `exports.journal` of the configuration: to which accounts of the books the chargeback is posted. */
import path from 'node:path';
import * as z from 'zod';
import { JOURNAL_TEMPLATES } from './journal-template.ts';

const nameOf = (template: string): string => path.basename(template, '.yaml');

/** A code or name of the books' own. Two spaces, ; or one of ( [ * ! at its start would end or change it in a journal. */
const ledgerAccount = z
  .string()
  .regex(
    /^[^\s([*!;](?:(?! {2})[^\p{Cc};])*(?<=\S)$/u,
    'expected an account of your books, in quotes: no ;, no two spaces in a row, none of ( [ * ! first',
  );
const pattern = z.string().min(1, 'expected a text, with * for any text');

const ExpenseRule = z
  .strictObject({ service: pattern.optional(), sku: pattern.optional(), account: ledgerAccount })
  .refine(({ service, sku }) => service !== undefined || sku !== undefined, {
    error: 'expected service, sku or both',
  });

const ChartSchema = z.strictObject({
  expense: z
    .strictObject({
      default: ledgerAccount.default('Expenses:Compute'),
      /** The first rule that matches names the account. */
      rules: z.array(ExpenseRule).default([]),
    })
    .prefault({}),
  payable: z
    .strictObject({
      default: ledgerAccount.default('Liabilities:Payable'),
      by_issuer: z.record(z.string(), ledgerAccount).default({}),
    })
    .prefault({}),
  /** Issuers that are paid in advance: their cost reduces a balance instead of raising a payable. */
  wallet: z
    .strictObject({
      account: ledgerAccount.default('Assets:Prepaid'),
      issuers: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  rounding: ledgerAccount.default('Expenses:Rounding'),
});

export const JournalSchema = z.strictObject({
  chart: ChartSchema.prefault({}),
  sign: z.enum(['debit_positive', 'credit_positive']).default('debit_positive'),
  /** Templates by name, or paths of template files of one's own. */
  templates: z
    .array(
      z.string().refine((name) => JOURNAL_TEMPLATES.includes(name) || name.endsWith('.yaml'), {
        error: `expected one of ${JOURNAL_TEMPLATES.join(', ')}, or the path of a .yaml file`,
      }),
    )
    .refine((names) => new Set(names.map(nameOf)).size === names.length, {
      error: 'expected templates with different names, which the files are named after',
    })
    .default([]),
  /** Texts that templates ask for by name, such as the company code. */
  values: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), z.string()).default({}),
});

export type JournalSettings = Readonly<z.infer<typeof JournalSchema>>;

export const DEFAULT_JOURNAL: JournalSettings = JournalSchema.parse({});

/** Paths of templates start at the folder of the configuration; ready templates are names. */
export function resolveTemplates(settings: JournalSettings, folder: string): JournalSettings {
  const templates = settings.templates.map((name) =>
    name.endsWith('.yaml') ? path.resolve(folder, name) : name,
  );
  return { ...settings, templates };
}

/** The parameters of `entries.sql`; patterns are in the form of SQL's `like`. */
export function entryParameters({ chart, sign }: JournalSettings): Record<string, string> {
  const rules = chart.expense.rules.map(({ service, sku, account }) => ({
    account,
    service: likePattern(service),
    sku: likePattern(sku),
  }));
  return {
    chart: JSON.stringify({ ...chart, expense: { ...chart.expense, rules } }),
    sign: sign === 'debit_positive' ? '1' : '-1',
  };
}

function likePattern(text: string | undefined): string | null {
  if (text === undefined) return null;
  return text.replace(/[\\%_]/g, (character) => `\\${character}`).replaceAll('*', '%');
}
