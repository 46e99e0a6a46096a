/** A query's rows as Arrow record batches, out of binary COPY: one batch in memory at a time. */
import { makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { BinaryRows } from './binary-rows.ts';
import { binarySelectList, type Column } from './column.ts';
import { arrowField, type ColumnBuilder, columnBuilder } from './column-builder.ts';

/** So many rows that a batch's own cost does not count; some megabytes of memory. */
const BATCH_ROWS = 16_384;

export function arrowSchema(columns: readonly Column[]): Schema {
  return new Schema(columns.map(arrowField));
}

/**
 * Yields the rows of `select <columns> <from>`; `from` begins with the word. The next batch uses the
 * memory of the one before: be done with a batch before asking for another. Yields none for no rows.
 */
export async function* recordBatches(
  connection: pg.ClientBase,
  columns: readonly Column[],
  from: string,
): AsyncGenerator<RecordBatch> {
  const schema = arrowSchema(columns);
  const builders = columns.map((column) => columnBuilder(column, BATCH_ROWS));
  const rows = new BinaryRows(columns.length);
  let filled = 0;
  const select = `select ${binarySelectList(columns)} ${from}`;
  const source = connection.query(copyTo(`copy (${select}) to stdout with (format binary)`));
  for await (const chunk of source as AsyncIterable<Buffer>) {
    rows.push(chunk);
    while (rows.next()) {
      appendRow(builders, filled, rows);
      filled += 1;
      if (filled === BATCH_ROWS) {
        yield batchOf(schema, builders, filled);
        filled = 0;
      }
    }
  }
  if (!rows.isOver) throw new Error('the rows broke off before their end');
  if (filled > 0) yield batchOf(schema, builders, filled);
}

function appendRow(builders: readonly ColumnBuilder[], row: number, rows: BinaryRows): void {
  const { bytes, starts, lengths } = rows;
  for (let index = 0; index < builders.length; index += 1) {
    const length = lengths[index] ?? -1;
    if (length < 0) builders[index]?.appendNull(row);
    else builders[index]?.append(row, bytes, starts[index] ?? 0, length);
  }
}

function batchOf(schema: Schema, builders: readonly ColumnBuilder[], rows: number): RecordBatch {
  const children = builders.map((builder) => builder.data(rows));
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children }),
  );
}
