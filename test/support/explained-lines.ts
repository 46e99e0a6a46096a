/** The lines that a statement prints, and whether `explain` makes them of ledger entries. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type pg from 'pg';
import { expect } from 'vitest';
import { restored } from '../../exports/formats/column.ts';
import { explain } from '../../transforms/explain/explain.ts';
import type { ExplainedLine, Explanation } from '../../transforms/explain/explanation.ts';
import { chargeback } from '../exports/planted-books.ts';
import { unscaled } from '../exports/unscaled.ts';

/** A row of the lines file: each column as it is printed. */
export type PrintedLine = Record<string, string>;

/** Writes the month's files into the folder and reads the lines. */
export async function printedLines(
  pool: pg.Pool,
  folder: string,
  month: string,
): Promise<PrintedLine[]> {
  await chargeback(pool, month, folder, ['csv']);
  const file = path.join(folder, `chargeback-${month}-lines.csv`);
  return parse<PrintedLine>(await readFile(file), { columns: true });
}

/** By an id as a file prints it, and a month `YYYY-MM`; without one, everything. */
export function explained(
  pool: pg.Pool,
  subject: string,
  month: string | null = null,
  more: { readonly account?: string; readonly meter?: string } = {},
): Promise<Explanation> {
  return explain(pool, {
    subjects: [subject, restored(subject)],
    account: more.account ?? null,
    meter: more.meter ?? null,
    month: month === null ? null : `${month}-01`,
    reportingCurrency: 'USD',
  });
}

/** A decimal text in units of the ninth place. */
export const units = (amount: string | undefined): bigint => unscaled(amount ?? '', 9);
export const sum = (amounts: readonly string[]): bigint =>
  amounts.reduce((total, amount) => total + units(amount), 0n);

const COLUMNS = [
  'month',
  'corrects_month',
  'team',
  'cost_centre',
  'project',
  'environment',
  'allocation_rule',
  'account_id',
  'meter',
  'sku',
  'region',
  'first_date',
  'last_date',
  'quantity',
  'unit',
  'billing_currency',
  'billed_cost',
  'reporting_cost',
  'uncertainty',
] as const;

const AMOUNTS: readonly string[] = ['quantity', 'billed_cost', 'reporting_cost', 'uncertainty'];

/** Amounts in units: a file prints each with as many places as its column has. */
const comparable = (line: ExplainedLine | PrintedLine): Record<string, string | bigint> =>
  Object.fromEntries(
    COLUMNS.map((column) => {
      const text = line[column] ?? '';
      return [column, AMOUNTS.includes(column) ? units(text) : text];
    }),
  );

/**
 * Asks for the line with the ids printed on it: it must be among the lines found, and these must be what
 * the ledger's parts for the same statement and month of days add up to, to the last unit.
 */
export async function expectExplained(pool: pg.Pool, line: PrintedLine): Promise<void> {
  const { resource_id: subject, month, account_id: account, meter } = line;
  if (!subject || !month || !account || !meter) throw new Error('a line lacks an id');
  const { parts, lines } = await explained(pool, subject, month, { account, meter });
  expect(lines.map(comparable)).toContainEqual(comparable(line));

  const costMonth = line.corrects_month || month;
  const isSameMoney = (row: ExplainedLine | Explanation['parts'][number]): boolean =>
    row.resource_id === restored(subject) && row.billing_currency === line.billing_currency;
  const ownParts = parts.filter(
    (part) => part.statement_month === month && part.month === costMonth && isSameMoney(part),
  );
  const ownLines = lines.filter(
    (other) =>
      other.month === month &&
      (other.corrects_month ?? other.month) === costMonth &&
      isSameMoney(other),
  );
  for (const amount of ['billed_cost', 'quantity', 'uncertainty'] as const) {
    expect(sum(ownParts.map((part) => part[amount]))).toBe(
      sum(ownLines.map((other) => other[amount])),
    );
  }
  for (const whole of ownLines.filter((other) => !other.is_share)) {
    expect(units(whole.posted_cost)).toBe(units(whole.billed_cost));
  }
}
