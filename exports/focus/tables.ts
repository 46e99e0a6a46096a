/** The small tables beside this file: what FOCUS defines and how our words map to it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';

/** The rows of `<name>.csv` in this folder, by column; lines that begin with # are comments. */
export function readTable<Row>(name: string): readonly Row[] {
  const text = readFileSync(path.join(import.meta.dirname, `${name}.csv`), 'utf8');
  return parse(text, { columns: true, comment: '#', comment_no_infix: true }) as Row[];
}

interface Currency {
  readonly code: string;
  /** Digits after the point of the smallest unit, as text. */
  readonly decimals: string;
}

/** Active codes of ISO 4217. */
export const CURRENCIES: readonly Currency[] = readTable<Currency>('currencies');

export function isIsoCurrency(code: string): boolean {
  return CURRENCIES.some((currency) => currency.code === code);
}
