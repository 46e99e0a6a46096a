/** Reads Arrow and Parquet files back as the JSON export has them: decimals as exact texts. */
import { zstdDecompressSync } from 'node:zlib';
import { DataType, type Table } from 'apache-arrow';
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';

type Row = Record<string, unknown>;

/** The exact text of a whole number of 10^-scale, without trailing zeros. */
export function decimalText(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`.replace(/\.?0+$/, '');
  return units < 0n ? `-${text}` : text;
}

export function arrowRows(table: Table): Row[] {
  return Array.from({ length: table.numRows }, (_, index) => {
    const row = table.get(index);
    return Object.fromEntries(
      table.schema.fields.map(({ name, type }) => [name, arrowValue(row?.[name], type)]),
    );
  });
}

function arrowValue(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null;
  if (DataType.isDecimal(type)) {
    const words = [...(value as Uint32Array)].map(BigInt);
    const bits = words.reduceRight((sum, word) => (sum << 32n) | word, 0n);
    return decimalText(BigInt.asIntN(128, bits), type.scale);
  }
  return DataType.isDate(type) ? new Date(Number(value)).toISOString().slice(0, 10) : value;
}

/** By a reader that shares no code with the writer; its own decimals are floats, so it is given bytes. */
export async function parquetRows(file: Buffer): Promise<Row[]> {
  const bytes = new Uint8Array(file).buffer;
  const metadata = parquetMetadata(bytes);
  const scales = takeDecimalTypes(metadata);
  const rows = await parquetReadObjects({
    file: bytes,
    metadata,
    compressors: { ZSTD: (input) => zstdDecompressSync(input) },
  });
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, parquetValue(value, scales.get(name))]),
    ),
  );
}

/** Takes the decimal types out of the metadata, and tells their scales. */
function takeDecimalTypes(metadata: FileMetaData): Map<string, number> {
  const scales = new Map<string, number>();
  for (const element of metadata.schema) {
    if (element.logical_type?.type !== 'DECIMAL') continue;
    scales.set(element.name, element.logical_type.scale);
    delete element.logical_type;
    delete element.converted_type;
  }
  return scales;
}

function parquetValue(value: unknown, scale: number | undefined): unknown {
  if (value === null || value === undefined) return null;
  if (scale !== undefined) {
    const bits = BigInt(`0x${Buffer.from(value as Uint8Array).toString('hex')}`);
    return decimalText(BigInt.asIntN(8 * (value as Uint8Array).length, bits), scale);
  }
  return value instanceof Date ? value.toISOString().slice(0, 10) : value;
}
