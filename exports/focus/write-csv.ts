/** A dataset as CSV: texts and instants quoted, so that an id of digits stays a text; null is nothing. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { FocusColumn } from './columns.ts';

/** Writes the query's rows (texts in the columns' order) to `file`. Returns their number. */
export async function writeFocusCsv(
  connection: pg.ClientBase,
  query: string,
  columns: readonly FocusColumn[],
  file: string,
): Promise<number> {
  const quoted = columns
    .filter(({ type }) => type !== 'decimal')
    .map(({ name }) => `"${name}"`)
    .join(', ');
  const source = connection.query(
    copyTo(`copy (${query}) to stdout with (format csv, header, force_quote (${quoted}))`),
  );
  await pipeline(source, createWriteStream(file));
  return source.rowCount;
}
