/**
 * Reads the reference files: CSV, one header line, dated rows. All defects of all files are
 * reported together, each with file and line.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import { DefectListError } from '../../foundation/errors.ts';
import { type Allocation, readAllocation } from './read-allocation.ts';

/** A file larger than this is not a rate card. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

const decimal = z.string().regex(/^\d+(\.\d{1,15})?$/, 'must be a plain decimal such as 0.125');
const instant = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/,
    'must be a UTC day (2026-10-01) or instant (2026-10-01T13:20:00Z)',
  )
  .refine((text) => !Number.isNaN(Date.parse(text)), 'is not a date that exists');
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a UTC day such as 2026-10-01')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'is not a date that exists');
const month = day.regex(/-01$/, 'must be the first of a month: a basis holds for whole UTC months');
const filled = z.string().min(1, 'must not be empty');
const orNull = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? null : value), schema.nullable());

const RateRow = z.strictObject({
  provider: filled,
  account: orNull(filled),
  sku: filled,
  region: filled,
  contract_id: z.string(),
  unit: z.string().regex(/^(Hours|Months)$/, 'must be Hours or Months (UTC calendar months)'),
  unit_price: decimal,
  list_unit_price: orNull(decimal),
  currency: filled,
  valid_from: instant,
  valid_to: orNull(instant),
});

const ContractRow = z.strictObject({
  provider: filled,
  account: orNull(filled),
  contract_id: filled,
  sku: filled,
  region: filled,
  capacity: z.string().regex(/^[1-9]\d*$/, 'must be a whole number of servers'),
  starts_at: instant,
  ends_at: instant,
});

const BillingBasisRow = z.strictObject({
  provider: z.string().regex(/^i3d-flexvm$/, 'must be i3d-flexvm: others have one basis'),
  account: filled,
  cloud_id: filled,
  basis: z
    .string()
    .regex(/^(vm_hour|node_hour|fixed_month)$/, 'must be vm_hour, node_hour or fixed_month'),
  valid_from: month,
  valid_to: orNull(month),
});

const ExchangeRateRow = z.strictObject({
  base: filled,
  quote: filled,
  valid_from: day,
  rate: decimal.refine((text) => /[1-9]/.test(text), 'must be more than 0'),
  source: filled,
});

/** Where a row stands, for `explain` and for error messages. */
export interface Origin {
  readonly source_file: string;
  readonly source_line: number;
}

export type Rate = z.infer<typeof RateRow> & Origin;
export type Contract = z.infer<typeof ContractRow> & Origin;
export type BillingBasis = z.infer<typeof BillingBasisRow> & Origin;
export type ExchangeRate = z.infer<typeof ExchangeRateRow> & Origin;

export interface ReferenceData {
  readonly rates: readonly Rate[];
  readonly contracts: readonly Contract[];
  /** Absent like empty: every cloud is billed by the hours of its virtual machines. */
  readonly billingBases?: readonly BillingBasis[];
  readonly exchangeRates: readonly ExchangeRate[];
  /** Null or absent: a resource belongs to whom its own tags name. */
  readonly allocation?: Allocation | null;
}

export interface ReferencePaths {
  readonly rates: readonly string[];
  readonly contracts: readonly string[];
  readonly billingBases: readonly string[];
  readonly exchangeRates: readonly string[];
  readonly allocation?: string | null;
}

/** Throws one UsageError that lists every defect of every file. */
export async function readReference(paths: ReferencePaths): Promise<ReferenceData> {
  const defects: string[] = [];
  const rates = await readFiles(paths.rates, RateRow, defects);
  const contracts = await readFiles(paths.contracts, ContractRow, defects);
  const billingBases = await readFiles(paths.billingBases, BillingBasisRow, defects);
  const exchangeRates = await readFiles(paths.exchangeRates, ExchangeRateRow, defects);
  defects.push(...rateOverlaps(rates), ...contractOrder(contracts));
  defects.push(...basisOverlaps(billingBases), ...duplicateDays(exchangeRates));
  if (defects.length > 0) {
    throw new DefectListError('the reference files have defects', defects);
  }
  const allocation = paths.allocation == null ? null : await readAllocation(paths.allocation);
  return { rates, contracts, billingBases, exchangeRates, allocation };
}

async function readFiles<T>(
  files: readonly string[],
  schema: z.ZodType<T>,
  defects: string[],
): Promise<(T & Origin)[]> {
  const rows: (T & Origin)[] = [];
  for (const file of files) {
    const name = path.basename(file);
    let records: { record: Record<string, string>; info: { lines: number } }[];
    try {
      const text = await readFile(file, 'utf8');
      if (text.length > FILE_BYTES_MAX) throw new Error('the file is too large');
      records = parse(text, { columns: true, trim: true, bom: true, info: true, comment: '#' });
    } catch (error) {
      defects.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    for (const { record, info } of records) {
      const result = schema.safeParse(record);
      if (result.success) {
        rows.push({ ...result.data, source_file: name, source_line: info.lines });
        continue;
      }
      for (const issue of result.error.issues) {
        defects.push(
          `${file}:${info.lines}: ${issue.path.join('.') || 'columns'} ${issue.message}`,
        );
      }
    }
  }
  return rows;
}

function rateOverlaps(rates: readonly Rate[]): string[] {
  return overlaps(
    rates,
    ({ provider, account, sku, region, contract_id }) => [
      provider,
      account,
      sku,
      region,
      contract_id,
    ],
    ({ sku, region }) => `${sku} in ${region}`,
  );
}

function basisOverlaps(bases: readonly BillingBasis[]): string[] {
  return overlaps(
    bases,
    ({ provider, account, cloud_id }) => [provider, account, cloud_id],
    ({ cloud_id }) => `cloud ${cloud_id}`,
  );
}

/** Defects of rows of which only one may hold at a time. */
function overlaps<T extends { valid_from: string; valid_to: string | null } & Origin>(
  rows: readonly T[],
  keyOf: (row: T) => readonly (string | null)[],
  nameOf: (row: T) => string,
): string[] {
  const defects: string[] = [];
  for (const group of Map.groupBy(rows, (row) => keyOf(row).join('\u0000')).values()) {
    const ordered = group.toSorted((a, b) => Date.parse(a.valid_from) - Date.parse(b.valid_from));
    for (const [index, row] of ordered.entries()) {
      const where = `${row.source_file}:${row.source_line}`;
      if (row.valid_to !== null && Date.parse(row.valid_to) <= Date.parse(row.valid_from)) {
        defects.push(`${where}: valid_to must be after valid_from`);
      }
      const next = ordered[index + 1];
      if (next === undefined) continue;
      if (row.valid_to === null || Date.parse(row.valid_to) > Date.parse(next.valid_from)) {
        defects.push(
          `${where}: overlaps line ${next.source_line} (${nameOf(row)}): end it at ${next.valid_from}`,
        );
      }
    }
  }
  return defects;
}

function contractOrder(contracts: readonly Contract[]): string[] {
  return contracts
    .filter((contract) => Date.parse(contract.ends_at) <= Date.parse(contract.starts_at))
    .map(
      ({ source_file, source_line }) =>
        `${source_file}:${source_line}: ends_at must be after starts_at`,
    );
}

function duplicateDays(rates: readonly ExchangeRate[]): string[] {
  const seen = new Map<string, number>();
  const defects: string[] = [];
  for (const rate of rates) {
    const key = `${rate.base}/${rate.quote} on ${rate.valid_from}`;
    const former = seen.get(key);
    if (former !== undefined) {
      defects.push(
        `${rate.source_file}:${rate.source_line}: a second rate for ${key} (line ${former})`,
      );
    }
    seen.set(key, rate.source_line);
  }
  return defects;
}
