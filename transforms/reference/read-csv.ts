/**
 * Reads a CSV reference file whole: one header line with exactly the columns that it must have, then
 * rows. Blank lines, rows without any value and lines that begin with # are passed over.
 */
import path from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import type * as z from 'zod';
import { DefectListError } from '../../foundation/errors.ts';
import { readTextFile } from '../../foundation/text-file.ts';
import { quoted } from './fields.ts';
import type { Origin } from './reference-rows.ts';

const RECORD_BYTES_MAX = 64 * 1024;
const ROWS_MAX = 200_000;

interface Line {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * The rows of `file`. What is wrong is added to `defects` as `file:line: column reason`; the rows
 * are of no use then.
 */
export async function readCsv<T>(
  file: string,
  schema: z.ZodType<T> & { readonly shape: Readonly<Record<string, unknown>> },
  defects: string[],
): Promise<(T & Origin)[]> {
  const columns = Object.keys(schema.shape);
  const [header, ...lines] = await linesOf(file, columns, defects);
  if (header === undefined) return [];
  const wrong = headerDefects(header.record, columns);
  defects.push(...wrong.map((reason) => `${file}:${header.info.lines}: ${reason}`));
  if (wrong.length > 0) return [];
  if (lines.length > ROWS_MAX) {
    defects.push(`${file}: it has ${lines.length} rows, more than ${ROWS_MAX}`);
    return [];
  }
  return lines.flatMap(({ record, info }) => {
    const where = `${file}:${info.lines}`;
    if (record.length !== columns.length) {
      defects.push(`${where}: ${countDefect(record, columns.length)}`);
      return [];
    }
    const named = Object.fromEntries(header.record.map((name, index) => [name, record[index]]));
    const result = schema.safeParse(named);
    if (!result.success) {
      for (const { path: place, message } of result.error.issues) {
        defects.push(`${where}: ${[...place, message].map(String).join(' ')}`);
      }
      return [];
    }
    return [{ ...result.data, source_file: path.basename(file), source_line: info.lines }];
  });
}

async function linesOf(
  file: string,
  columns: readonly string[],
  defects: string[],
): Promise<readonly Line[]> {
  try {
    const text = await readTextFile(file);
    const lines = parse(text, {
      trim: true,
      info: true,
      comment: '#',
      comment_no_infix: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      relax_column_count: true,
      max_record_size: RECORD_BYTES_MAX,
    }) as unknown as Line[];
    if (lines.length === 0) {
      defects.push(
        `${file}:1: there is no header line: the first line must be ${columns.join(',')}`,
      );
    }
    return lines;
  } catch (error) {
    if (error instanceof DefectListError) defects.push(...error.defects);
    else if (error instanceof CsvError) defects.push(`${file}:${placeOf(error)}`);
    else throw error;
    return [];
  }
}

/** `line: reason`, in words of ours where the library's would not help. */
function placeOf(error: CsvError): string {
  const line = Number(error.lines ?? 1);
  const field = Number(error.column ?? 0) + 1;
  const reasons: Readonly<Record<string, string>> = {
    CSV_QUOTE_NOT_CLOSED: 'a quote (") that opens before here is not closed',
    CSV_INVALID_CLOSING_QUOTE: `field ${field}: text follows a closing quote ("): double quotes inside a value`,
    INVALID_OPENING_QUOTE: `field ${field}: a quote (") inside a value: put the value in quotes and double it`,
    CSV_MAX_RECORD_SIZE: `the row is longer than ${RECORD_BYTES_MAX} bytes: is a quote (") not closed?`,
  };
  return `${line}: ${reasons[error.code] ?? error.message}`;
}

function headerDefects(header: readonly string[], columns: readonly string[]): string[] {
  const separator = otherSeparator(header, columns.length);
  if (separator !== null) return [separator];
  if (!header.some((name) => columns.includes(name))) {
    return [`there is no header line: the first line must be ${columns.join(',')}`];
  }
  const missing = columns.filter((name) => !header.includes(name));
  const unknown = header.filter((name) => !columns.includes(name));
  const twice = header.filter((name, index) => header.indexOf(name) < index);
  return [
    ...missing.map((name) => `the column ${name} is missing in the header line`),
    ...unknown.map((name) => `there is no column "${quoted(name)}": use ${columns.join(',')}`),
    ...twice.map((name) => `the column ${quoted(name)} is in the header line twice`),
  ];
}

function countDefect(record: readonly string[], expected: number): string {
  const separator = otherSeparator(record, expected);
  if (separator !== null) return separator;
  return `the row has ${record.length} columns, not ${expected}: put a value with a comma in quotes`;
}

/** Said of a line that a spreadsheet has cut with another character. */
function otherSeparator(record: readonly string[], expected: number): string | null {
  const text = record.join(',');
  for (const [character, name] of [
    [';', ';'],
    ['\t', 'tabs'],
  ] as const) {
    if (record.length < expected && text.split(character).length >= expected) {
      return `columns are separated by ${name}, use ,`;
    }
  }
  return null;
}
