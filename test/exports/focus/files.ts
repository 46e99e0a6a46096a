/** Reads and writes the CSV files of an export as rows, with null where nothing is written. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';

export type Row = Record<string, string | null>;

export function fileOf(
  folder: string,
  dataset: string,
  month = '2026-08',
  version = '1.4',
): string {
  return path.join(folder, `focus-${version}-${month}-${dataset}.csv`);
}

export async function readRows(file: string): Promise<Row[]> {
  return parse(await readFile(file, 'utf8'), {
    columns: true,
    cast: (value, context) => (context.header || context.quoting || value !== '' ? value : null),
  }) as Row[];
}

export async function writeRows(file: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => columns.map((name) => cell(row[name] ?? null)).join(','));
  await writeFile(file, `${[columns.map(cell).join(','), ...lines].join('\n')}\n`);
}

function cell(value: string | null): string {
  return value === null ? '' : `"${value.replaceAll('"', '""')}"`;
}
