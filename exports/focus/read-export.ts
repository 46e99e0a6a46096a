/** Reads an export's files into temporary tables, each value typed and as it was written. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { zstdDecompressSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  type SchemaElement,
} from 'hyparquet';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { checkedTable } from './check-rule.ts';
import type { ColumnType, DatasetId, FocusColumn } from './columns.ts';

const HEADER_BYTES_MAX = 65_536;
const PARQUET_ROWS_AT_ONCE = 20_000;

export interface ReadFile {
  /** The columns as the file has them, in its order. */
  readonly columns: readonly string[];
  readonly rows: number;
  /** What a Parquet file stores the columns as; null for CSV, which has no types. */
  readonly stored: ReadonlyMap<string, string> | null;
}

/** Creates the functions that read one text as a type, null when it cannot be read as that. */
export async function createReaders(connection: pg.ClientBase): Promise<void> {
  await connection.query(`
    create function pg_temp.as_decimal(value text) returns numeric language sql as $$
      select case when value ~ '^-?([0-9]+([.][0-9]+)?|[.][0-9]+)(E-?[0-9]+)?$' then value::numeric end
    $$;
    create function pg_temp.as_instant(value text) returns timestamptz language sql as $$
      select case when value ~ '^[12][0-9]{3}-(0[1-9]|1[0-2])-[0-3][0-9]T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$'
        then case when substr(value, 9, 2)::integer between 1 and extract(
          day from make_date(substr(value, 1, 4)::integer, substr(value, 6, 2)::integer, 1)
            + interval '1 month' - interval '1 day'
        ) then value::timestamptz end end
    $$;
    create function pg_temp.as_json(value text) returns jsonb language plpgsql as $$
    begin
      return value::jsonb;
    exception when invalid_text_representation then return null;
    end $$;
  `);
}

const READERS: Readonly<Record<ColumnType, (text: string) => string>> = {
  text: (text) => text,
  decimal: (text) => `pg_temp.as_decimal(${text})`,
  instant: (text) => `pg_temp.as_instant(${text})`,
  json: (text) => `pg_temp.as_json(${text})`,
};

/** Fills the dataset's table from the file. Throws the database's error for rows it cannot read. */
export async function readDataset(
  connection: pg.ClientBase,
  dataset: DatasetId,
  file: string,
  declared: readonly FocusColumn[],
): Promise<ReadFile> {
  const isParquet = file.endsWith('.parquet');
  const stored = isParquet ? await parquetColumns(file) : null;
  const columns = stored === null ? await csvColumns(file) : [...stored.keys()];
  const names = [...new Set(columns)];
  const written = `written_${dataset.toLowerCase()}`;
  const list = names.map((name) => identifier(name));
  await connection.query(
    `create temporary table ${written} (
       line bigint generated always as identity, ${list.map((name) => `${name} text`).join(', ')}
     ) on commit drop`,
  );
  const source = isParquet ? Readable.from(parquetAsCsv(file, columns)) : createReadStream(file);
  const target = connection.query(
    copyFrom(`copy ${written} (${list.join(', ')}) from stdin (format csv, header ${!isParquet})`),
  );
  await pipeline(source, target);
  const types = new Map(declared.map(({ name, type }) => [name, type]));
  const cells = names.flatMap((name) => {
    const text = identifier(name);
    const typed = READERS[types.get(name) ?? 'text'](text);
    return [`${typed} as ${text}`, `${text} as ${identifier(`${name}:text`)}`];
  });
  await connection.query(
    `create temporary table ${checkedTable(dataset)} on commit drop as
     select line, ${cells.join(', ')} from ${written}`,
  );
  const { rows } = await connection.query<{ rows: number }>(
    `select count(*) as rows from ${checkedTable(dataset)}`,
  );
  return { columns, rows: rows[0]?.rows ?? 0, stored };
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

async function csvColumns(file: string): Promise<string[]> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES_MAX), 0);
    const [header = ''] = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    const [columns = []] = parse(header) as string[][];
    return columns;
  } finally {
    await handle.close();
  }
}

/** Each column with the type it is stored as: that of our columns where it is one of them. */
async function parquetColumns(file: string): Promise<Map<string, string>> {
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(file));
  return new Map(
    metadata.schema.slice(1).map((element) => {
      const { name, type, converted_type: converted } = element;
      if (converted === 'DECIMAL') return [name, 'decimal'];
      if (converted === 'UTF8') return [name, 'text'];
      return [name, isUtcTimestamp(element) ? 'instant' : `${converted ?? type}`];
    }),
  );
}

/** Some writers leave out whether a timestamp is UTC; readers take it for local time then. */
function isUtcTimestamp({ converted_type, logical_type }: SchemaElement): boolean {
  return (
    converted_type === 'TIMESTAMP_MILLIS' &&
    logical_type?.type === 'TIMESTAMP' &&
    logical_type.isAdjustedToUTC
  );
}

/**
 * The file's rows as CSV lines. Decimals are read as their bytes, because the library would make
 * them floating point numbers.
 */
async function* parquetAsCsv(file: string, columns: readonly string[]): AsyncGenerator<string> {
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer);
  const scales = new Map<string, number>();
  for (const element of metadata.schema) {
    if (element.converted_type !== 'DECIMAL') continue;
    scales.set(element.name, element.scale ?? 0);
    delete element.converted_type;
    delete element.logical_type;
  }
  const total = Number(metadata.num_rows);
  for (let first = 0; first < total; first += PARQUET_ROWS_AT_ONCE) {
    const rowEnd = Math.min(first + PARQUET_ROWS_AT_ONCE, total);
    const rows = await parquetReadObjects({
      file: buffer,
      metadata,
      compressors: { ZSTD: (bytes) => zstdDecompressSync(bytes) },
      rowStart: first,
      rowEnd,
    });
    for (const row of rows) {
      yield `${columns.map((name) => csvCell(row[name], scales.get(name))).join(',')}\n`;
    }
  }
}

function csvCell(value: unknown, scale: number | undefined): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Uint8Array && scale !== undefined) return decimalText(value, scale);
  const text = value instanceof Date ? value.toISOString().replace('.000Z', 'Z') : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}

/** A big-endian two's complement integer with `scale` decimals, as exact text. */
function decimalText(bytes: Uint8Array, scale: number): string {
  const value = BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const cut = digits.length - scale;
  const fraction = digits.slice(cut).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, cut)}${fraction === '' ? '' : `.${fraction}`}`;
}
