/**
 * The columns of each FOCUS dataset and version, from `columns.csv`: what the writer writes and what
 * the conformance check holds a file to. A version is rows of that table, not code.
 */
import { readTable } from './tables.ts';

/** Released ones, newest first, then the preview: drafts of the next version, which may still change. */
export const FOCUS_VERSIONS = ['1.4', '1.3', '1.2', '1.5-preview'] as const;
export type FocusVersion = (typeof FOCUS_VERSIONS)[number];

export function isPreview(version: FocusVersion): boolean {
  return version.endsWith('-preview');
}

export const FOCUS_FORMATS = ['csv', 'parquet'] as const;
export type FocusFormat = (typeof FOCUS_FORMATS)[number];

export const DATASETS = [
  'CostAndUsage',
  'InvoiceDetail',
  'BillingPeriod',
  'ContractCommitment',
  'SkuPrice',
] as const;
export type DatasetId = (typeof DATASETS)[number];

export type ColumnType = 'text' | 'decimal' | 'instant' | 'json';

export interface FocusColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly isNullable: boolean;
  readonly level: 'Mandatory' | 'Conditional' | 'Recommended' | 'Custom';
  readonly format: '' | 'currency' | 'unit' | 'key-value' | 'not negative' | 'fraction';
  /** Empty: any value. */
  readonly allowedValues: readonly string[];
  /** Why the column's condition does not hold here; empty for columns that are written. */
  readonly leftOutBecause: string;
}

interface ColumnRow {
  readonly dataset: string;
  readonly column: string;
  readonly type: ColumnType;
  readonly nullable: string;
  readonly level: FocusColumn['level'];
  readonly since: string;
  readonly until: string;
  readonly format: FocusColumn['format'];
  readonly allowed_values: string;
  readonly left_out_because: string;
}

const ROWS: readonly ColumnRow[] = readTable<ColumnRow>('columns');

/** Every column that the version declares for the dataset, FOCUS ones first, then the custom ones. */
export function declaredColumns(dataset: DatasetId, version: FocusVersion): FocusColumn[] {
  return ROWS.filter(
    (row) =>
      row.dataset === dataset && row.since <= version && (row.until === '' || version <= row.until),
  ).map((row) => ({
    name: row.column,
    type: row.type,
    isNullable: row.nullable === 'yes',
    level: row.level,
    format: row.format,
    allowedValues: row.allowed_values === '' ? [] : row.allowed_values.split('|'),
    leftOutBecause: row.left_out_because,
  }));
}

/** The columns that an export has. */
export function writtenColumns(dataset: DatasetId, version: FocusVersion): FocusColumn[] {
  return declaredColumns(dataset, version).filter((column) => column.leftOutBecause === '');
}

/** The datasets that exist in the version. */
export function datasetsOf(version: FocusVersion): DatasetId[] {
  return DATASETS.filter((dataset) =>
    declaredColumns(dataset, version).some((column) => column.level !== 'Custom'),
  );
}

/** Digits after the point that a typed file keeps: a cost is a price times a quantity, exactly. */
export function scaleOf(column: FocusColumn): number {
  return column.name.endsWith('Cost') ? 24 : 15;
}

export const DECIMAL_PRECISION = 38;
