/** A dataset as Parquet: texts as strings, instants in UTC, decimals exact. Written in row groups. */
import type { SchemaElement } from 'hyparquet';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type pg from 'pg';
import { DECIMAL_PRECISION, type FocusColumn, scaleOf } from './columns.ts';

const ROWS_PER_GROUP = 20_000;
const DECIMAL_BYTES = 16;

type Cell = string | bigint | Date | null;

/** Writes the query's rows (texts in the columns' order) to `file`. Returns their number. */
export async function writeFocusParquet(
  connection: pg.ClientBase,
  query: string,
  columns: readonly FocusColumn[],
  file: string,
): Promise<number> {
  const writer = new ParquetWriter({
    writer: fileWriter(file),
    schema: parquetSchema(columns),
    createdBy: 'meterhouse',
  });
  let rows = 0;
  await connection.query(`declare focus_row no scroll cursor for ${query}`);
  for (;;) {
    const group = await connection.query<(string | null)[]>({
      text: `fetch ${ROWS_PER_GROUP} from focus_row`,
      rowMode: 'array',
    });
    if (group.rows.length === 0) break;
    rows += group.rows.length;
    const columnData = columns.map((column, index) => ({
      name: column.name,
      data: group.rows.map((row) => cellOf(column, row[index] ?? null)),
    }));
    await writer.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
  }
  await connection.query('close focus_row');
  await writer.finish();
  return rows;
}

export function parquetSchema(columns: readonly FocusColumn[]): SchemaElement[] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.map((column): SchemaElement => {
      const base = { name: column.name, repetition_type: 'OPTIONAL' } as const;
      if (column.type === 'decimal') {
        return {
          ...base,
          type: 'FIXED_LEN_BYTE_ARRAY',
          type_length: DECIMAL_BYTES,
          converted_type: 'DECIMAL',
          precision: DECIMAL_PRECISION,
          scale: scaleOf(column),
        };
      }
      if (column.type === 'instant') {
        return { ...base, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' };
      }
      return { ...base, type: 'BYTE_ARRAY', converted_type: 'UTF8' };
    }),
  ];
}

function cellOf(column: FocusColumn, text: string | null): Cell {
  if (text === null) return null;
  if (column.type === 'decimal') return unscaled(text, scaleOf(column));
  return column.type === 'instant' ? new Date(text) : text;
}

/** The decimal text times 10^scale, exactly. Throws when it has more digits than the type. */
export function unscaled(text: string, scale: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = (match?.[3] ?? '').padEnd(scale, '0');
  const digits = `${match?.[2] ?? ''}${fraction}`.replace(/^0+(?=\d)/, '');
  if (match === null || fraction.length > scale || digits.length > DECIMAL_PRECISION) {
    throw new RangeError(`not a decimal(${DECIMAL_PRECISION},${scale}): ${text}`);
  }
  return BigInt(`${match[1]}${digits}`);
}
