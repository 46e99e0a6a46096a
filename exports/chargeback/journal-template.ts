/**
 * A template says how a program for bookkeeping wants the entries: the columns and their order, the
 * form of dates and numbers. It is a YAML file; those beside this file are ready to use.
 */
import path from 'node:path';
import * as z from 'zod';
import { DefectListError } from '../../foundation/errors.ts';
import { readTextFile } from '../../foundation/text-file.ts';
import { parseYaml } from '../../foundation/yaml-file.ts';

export const JOURNAL_TEMPLATES: readonly string[] = [
  'hledger',
  'netsuite',
  'sap',
  'xero',
  'datev',
  'quickbooks',
];

/** What a template can name of a line: `{document_number}`, and `{values.NAME}` of the configuration. */
export const DATE_FIELDS = [
  'posting_date',
  'invoice_date',
  'due_date',
  'period_start',
  'year_start',
] as const;
export const AMOUNT_FIELDS = [
  'debit',
  'credit',
  'amount',
  'unsigned_amount',
  'asset_amount',
  'asset_rate',
  'rate',
  'functional_debit',
  'functional_credit',
  'functional_amount',
  'unsigned_functional_amount',
  'base_amount',
] as const;
export const TEXT_FIELDS = [
  'document_number',
  'line_number',
  'period',
  'period_year',
  'period_month',
  'corrects_month',
  'memo',
  'issuer',
  'account_id',
  'invoice_number',
  'kind',
  'side',
  'ledger_account',
  'settlement_account',
  'cost_centre',
  'cost_centre_name',
  'team',
  'project',
  'currency',
  'asset',
  'functional_currency',
  'base_currency',
] as const;

export type EntryField =
  | (typeof DATE_FIELDS)[number]
  | (typeof AMOUNT_FIELDS)[number]
  | (typeof TEXT_FIELDS)[number];

const FIELDS: readonly string[] = [...DATE_FIELDS, ...AMOUNT_FIELDS, ...TEXT_FIELDS];
/** `{due_date:DDMMYY}` has a form of its own. */
const PLACEHOLDER = /\{([a-z_.0-9]+)(?::([YMD./-]+))?\}/g;
/** Split by it, every second part stood in brackets. */
const OPTIONAL_PART = /\[([^[\]]*)\]/;

const filling = z.string().superRefine((text, context) => {
  for (const [, name = ''] of text.matchAll(PLACEHOLDER)) {
    if (FIELDS.includes(name) || name.startsWith('values.')) continue;
    context.addIssue({ code: 'custom', message: `there is no field {${name}}` });
  }
});
/** `YYYY`, `YY`, `MM` and `DD` stand for the parts of the day. */
const dateForm = z.string().regex(/YY|MM|DD/, 'expected a form such as YYYY-MM-DD');

const ColumnSchema = z.strictObject({
  name: z.string(),
  value: filling.default(''),
  /** Another text for some values; a value that is not listed stays. */
  map: z.record(z.string(), z.string()).optional(),
  length_max: z.int().positive().optional(),
});

const common = {
  title: z.string().min(1),
  /** What the columns are taken from, and whether a program was seen to take the file. */
  source: z.string().min(1),
  ending: z.string().regex(/^[a-z0-9]{1,10}$/),
  date: dateForm,
  decimal_mark: z.enum(['.', ',']),
  /** `counter`: lines name both accounts, so the payable's own line is left out. */
  lines: z.enum(['all', 'counter']).default('all'),
  head: z.array(filling).default([]),
};

export const TemplateSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('table'),
    separator: z.enum([',', ';', '\t']),
    line_end: z.enum(['\n', '\r\n']).default('\r\n'),
    byte_order_mark: z.boolean().default(false),
    columns: z.array(ColumnSchema).min(1),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('text'),
    entry: filling,
    line: filling,
    /** Characters with a meaning in the file: in names they become a hyphen. */
    reserved: z.string().default(''),
  }),
]);

export type JournalTemplate = Readonly<z.infer<typeof TemplateSchema>>;

export interface NamedTemplate {
  /** Part of the file's name. */
  readonly name: string;
  readonly template: JournalTemplate;
}

/**
 * Reads a ready template by its name, or a file. Throws DefectListError with everything that is wrong
 * with it, also texts that it wants and `values` lacks.
 */
export async function readTemplate(
  name: string,
  values: Readonly<Record<string, string>>,
): Promise<NamedTemplate> {
  const isReady = JOURNAL_TEMPLATES.includes(name);
  const file = isReady ? path.join(import.meta.dirname, 'journal-templates', `${name}.yaml`) : name;
  const parsed = TemplateSchema.safeParse(parseYaml(await readTextFile(file), file).content);
  const defects = parsed.success
    ? missingValues(parsed.data, values)
    : parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`);
  if (!parsed.success || defects.length > 0) {
    throw new DefectListError(`the journal template ${name} cannot be used`, defects);
  }
  return { name: path.basename(name, '.yaml'), template: parsed.data };
}

function missingValues(
  template: JournalTemplate,
  values: Readonly<Record<string, string>>,
): string[] {
  const names = [...JSON.stringify(template).matchAll(/\{values\.([a-z0-9_]+)\}/g)].map(
    ([, name = '']) => name,
  );
  return [...new Set(names)]
    .filter((name) => values[name] === undefined)
    .map((name) => `exports.journal.values.${name}: expected a text, which the template writes`);
}

/**
 * Puts the fields of a line into a text of a template. What stands in `[brackets]` is left out when all of
 * its fields are empty.
 */
export function fill(
  text: string,
  field: (name: string, dateForm: string | undefined) => string,
): string {
  const filled = (part: string): string =>
    part.replace(PLACEHOLDER, (_, name: string, form: string | undefined) => field(name, form));
  const hasText = (part: string): boolean =>
    [...part.matchAll(PLACEHOLDER)].some(([, name = '', form]) => field(name, form) !== '');
  return text
    .split(OPTIONAL_PART)
    .map((part, index) => (index % 2 === 0 || hasText(part) ? filled(part) : ''))
    .join('');
}
