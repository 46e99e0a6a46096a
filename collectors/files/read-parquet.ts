/**
 * Rows of a Parquet file as texts, a group of rows at a time. Decimals are read as their integers, because
 * the library would make them floating point numbers; a column that the provider stores as floating point
 * gives the shortest text that names the same number.
 */
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from 'hyparquet';
import { FileFault, type SourceRow } from './csv-splitter.ts';
import type { FileLimits } from './file-source.ts';
import type { FileRows } from './read-file.ts';

const ROWS_AT_ONCE = 10_000;
const GROUP_BYTES_MAX = 2 * 1024 ** 3;
const PAGE_BYTES_MAX = 256 * 1024 ** 2;

export async function readParquet(file: string, limits: FileLimits): Promise<FileRows> {
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer).catch(() => {
    throw new FileFault('its Parquet footer cannot be read: the file is cut or broken');
  });
  const columns = metadata.schema
    .slice(1)
    .filter(isColumn(metadata))
    .map(({ name }) => name);
  if (columns.length > limits.columnsMax) {
    throw new FileFault(`it has more than ${limits.columnsMax} columns`);
  }
  const bytes = metadata.row_groups.map(({ total_byte_size: size }) => Number(size));
  if (bytes.some((size) => size > GROUP_BYTES_MAX)) {
    throw new FileFault(`it has a row group of more than ${GROUP_BYTES_MAX} bytes`);
  }
  if (bytes.reduce((sum, size) => sum + size, 0) > limits.textBytesMax) {
    throw new FileFault(`it holds more than ${limits.textBytesMax} bytes`);
  }
  return { columns, rows: parquetBatches(buffer, metadata, columns) };
}

/** A top-level column: members of maps and lists stand below theirs. */
function isColumn({ schema }: FileMetaData): (element: { name: string }, index: number) => boolean {
  const top = new Set<number>();
  for (let index = 1; index < schema.length; index = afterElement(schema, index)) top.add(index);
  return (_, index) => top.has(index + 1);
}

function afterElement(schema: FileMetaData['schema'], index: number): number {
  let next = index + 1;
  for (let child = 0; child < (schema[index]?.num_children ?? 0); child += 1) {
    next = afterElement(schema, next);
  }
  return next;
}

async function* parquetBatches(
  file: Awaited<ReturnType<typeof asyncBufferFromFile>>,
  metadata: FileMetaData,
  columns: readonly string[],
): AsyncGenerator<readonly SourceRow[]> {
  const scales = takeScales(metadata);
  const total = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < total; rowStart += ROWS_AT_ONCE) {
    const rowEnd = Math.min(rowStart + ROWS_AT_ONCE, total);
    const rows = await parquetReadObjects({
      file,
      metadata,
      rowStart,
      rowEnd,
      compressors: {
        GZIP: (bytes) => gunzipSync(bytes, { maxOutputLength: PAGE_BYTES_MAX }),
        ZSTD: (bytes) => zstdDecompressSync(bytes, { maxOutputLength: PAGE_BYTES_MAX }),
      },
    }).catch((error: unknown) => {
      const what = error instanceof Error ? error.message : 'unknown';
      throw new FileFault(`rows from ${rowStart + 1} on cannot be read (${what.slice(0, 200)})`);
    });
    yield rows.map((row, index) => ({
      line: rowStart + index + 1,
      cells: columns.map((name) => cellText(row[name], scales.get(name))),
      fault: null,
    }));
  }
}

/** The scales of decimal columns, which are read as integers from now on. */
function takeScales({ schema }: FileMetaData): ReadonlyMap<string, number> {
  const scales = new Map<string, number>();
  for (const element of schema) {
    const isDecimal =
      element.converted_type === 'DECIMAL' || element.logical_type?.type === 'DECIMAL';
    if (!isDecimal) continue;
    scales.set(element.name, element.scale ?? 0);
    delete element.converted_type;
    delete element.logical_type;
  }
  return scales;
}

function cellText(value: unknown, scale: number | undefined): string {
  if (value === null || value === undefined) return '';
  if (scale !== undefined) return decimalText(integerOf(value), scale);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) return JSON.stringify(Object.fromEntries(value));
  if (Array.isArray(value) && value.every(isEntry)) {
    return JSON.stringify(Object.fromEntries(value.map(({ key, value: of }) => [key, of])));
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isEntry(value: unknown): value is { key: string; value: unknown } {
  return typeof value === 'object' && value !== null && 'key' in value && 'value' in value;
}

/** The unscaled integer: a number, a big integer, or big-endian bytes in two's complement. */
function integerOf(value: unknown): bigint {
  if (typeof value === 'bigint' || typeof value === 'number') return BigInt(value);
  const bytes = value instanceof Uint8Array ? value : new Uint8Array();
  let integer = 0n;
  for (const byte of bytes) integer = (integer << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, integer);
}

function decimalText(integer: bigint, scale: number): string {
  const sign = integer < 0n ? '-' : '';
  const digits = String(integer < 0n ? -integer : integer).padStart(scale + 1, '0');
  return scale === 0
    ? `${sign}${digits}`
    : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
