/**
 * One month's statement as FOCUS datasets: everything is read in one snapshot, written to drafts, and
 * renamed when all of it is complete.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { quoteParameters } from '../write-csv.ts';
import {
  type DatasetId,
  datasetsOf,
  type FocusColumn,
  type FocusFormat,
  type FocusVersion,
  writtenColumns,
} from './columns.ts';
import {
  buildMetadata,
  type ExportDescription,
  type ExportedFile,
  type FocusTotal,
} from './metadata.ts';
import { CURRENCIES, isIsoCurrency } from './tables.ts';
import { writeFocusCsv } from './write-csv.ts';
import { writeFocusParquet } from './write-parquet.ts';

export interface FocusOptions {
  /** `YYYY-MM`, and its first day and that of the next month. */
  readonly month: string;
  readonly from: string;
  readonly to: string;
  readonly version: FocusVersion;
  readonly format: FocusFormat;
  readonly reportingCurrency: string;
  readonly folder: string;
}

export interface FocusExport extends ExportDescription {
  readonly folder: string;
  readonly metadataFile: string;
}

/** Names of the datasets in files and temporary tables. */
export const DATASET_NAMES: Readonly<Record<DatasetId, string>> = {
  CostAndUsage: 'cost-and-usage',
  InvoiceDetail: 'invoice-detail',
  BillingPeriod: 'billing-period',
  ContractCommitment: 'contract-commitment',
};

/** Throws UsageError when the month has no cost, or money that FOCUS cannot express. */
export async function exportFocus(pool: pg.Pool, options: FocusOptions): Promise<FocusExport> {
  if (!isIsoCurrency(options.reportingCurrency)) {
    throw new UsageError(
      `reporting_currency ${options.reportingCurrency} is no ISO 4217 code: FOCUS takes no other`,
    );
  }
  const connection = await pool.connect();
  try {
    await connection.query('begin transaction isolation level repeatable read');
    const written = await writeFiles(connection, options);
    await connection.query('rollback'); // nothing but temporary tables was written
    connection.release();
    return written;
  } catch (error) {
    connection.release(true); // a broken COPY leaves the session unusable: end it
    throw error;
  }
}

async function writeFiles(connection: pg.PoolClient, options: FocusOptions): Promise<FocusExport> {
  const state = await readState(connection, options);
  await createDatasets(connection, options, state);
  await refuseWithoutMoney(connection, options);
  await mkdir(options.folder, { recursive: true });
  const names = datasetsOf(options.version).map((dataset) => datasetFile(dataset, options));
  const metadataFile = metadataName(options);
  try {
    const drafts: ExportedFile[] = [];
    for (const dataset of datasetsOf(options.version)) {
      drafts.push(await writeDataset(connection, dataset, options));
    }
    const description: ExportDescription = {
      month: options.month,
      version: options.version,
      format: options.format,
      is_closed: state.isClosed,
      files: drafts,
      totals: await readTotals(connection),
    };
    const { updatedAt } = state;
    const metadata = buildMetadata({ ...options, description, updatedAt });
    await writeFile(draftOf(metadataFile), `${JSON.stringify(metadata, null, 2)}\n`);
    for (const file of [...names, metadataFile]) await rename(draftOf(file), file);
    return { ...description, folder: options.folder, metadataFile };
  } finally {
    for (const file of [...names, metadataFile]) await rm(draftOf(file), { force: true });
  }
}

interface MonthState {
  readonly isClosed: boolean;
  /** What was known by then is told: the instant of the close, or `infinity`. */
  readonly knownAt: string;
  readonly updatedAt: string;
}

async function readState(connection: pg.ClientBase, options: FocusOptions): Promise<MonthState> {
  const { rows } = await connection.query<MonthState>(
    `select closed_month.month is not null as "isClosed",
       coalesce(closed_month.closed_at::text, 'infinity') as "knownAt",
       to_char(
         coalesce(closed_month.closed_at, state.clock_at, '-infinity') at time zone 'UTC',
         'YYYY-MM-DD"T"HH24:MI:SS"Z"'
       ) as "updatedAt"
     from (select $1::date as month) as asked
     left join ledger.closed_month using (month)
     left join mart.transform_state as state on true`,
    [options.from],
  );
  const state = rows[0];
  if (state === undefined) throw new Error('a query without a table gave no row');
  return state;
}

async function createDatasets(
  connection: pg.ClientBase,
  options: FocusOptions,
  state: MonthState,
): Promise<void> {
  const parameters = {
    month: options.month,
    from: options.from,
    to: options.to,
    known_at: state.knownAt,
    iso_currencies: CURRENCIES.map(({ code }) => code).join(' '),
  };
  const names = ['charge-share', ...datasetsOf(options.version).map((id) => DATASET_NAMES[id])];
  for (const name of names) {
    const text = await readFile(path.join(import.meta.dirname, `${name}.sql`), 'utf8');
    const query = quoteParameters(connection, text, parameters);
    await connection.query(
      `create temporary table ${tableOf(name)} on commit drop as
       select row_number() over () as row_number, dataset.* from (\n${query}\n) as dataset`,
    );
    await connection.query(`analyze ${tableOf(name)}`);
  }
}

function tableOf(name: string): string {
  return `focus_${name.replaceAll('-', '_')}`;
}

async function refuseWithoutMoney(
  connection: pg.ClientBase,
  { month, reportingCurrency }: FocusOptions,
): Promise<void> {
  const { rows } = await connection.query<{ charges: number; unvalued: number; asset: string }>(
    `select count(*) as charges, count(*) filter (where "BilledCost" is null) as unvalued,
       min("x_SettlementAsset") filter (where "BilledCost" is null) as asset
     from focus_cost_and_usage`,
  );
  const { charges, unvalued, asset } = rows[0] ?? { charges: 0, unvalued: 0, asset: '' };
  if (charges === 0)
    throw new UsageError(`nothing is charged in ${month}: there is nothing to export`);
  if (unvalued > 0) {
    throw new UsageError(
      `${unvalued} charges in ${asset} have no exchange rate to ${reportingCurrency}: add it to reference.exchange_rates and run transform`,
    );
  }
}

async function writeDataset(
  connection: pg.ClientBase,
  dataset: DatasetId,
  options: FocusOptions,
): Promise<ExportedFile> {
  const columns = writtenColumns(dataset, options.version);
  const query = `select ${columns.map(asText).join(', ')}
    from ${tableOf(DATASET_NAMES[dataset])} order by row_number`;
  const file = datasetFile(dataset, options);
  const write = options.format === 'csv' ? writeFocusCsv : writeFocusParquet;
  const rows = await write(connection, query, columns, draftOf(file));
  const hash = createHash('sha256');
  await pipeline(createReadStream(draftOf(file)), hash);
  const { size } = await stat(draftOf(file));
  return { dataset, name: path.basename(file), rows, bytes: size, sha256: hash.digest('hex') };
}

/**
 * A column as the text that FOCUS wants: its date format, its number format (with a decimal point
 * even where nothing follows it, so that readers of CSV take whole numbers for decimals too), null
 * for nothing.
 */
function asText({ name, type }: FocusColumn): string {
  switch (type) {
    case 'instant':
      return `to_char("${name}" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "${name}"`;
    case 'decimal':
      return `case when scale(trim_scale("${name}")) = 0 then round("${name}", 1)
        else trim_scale("${name}") end::text as "${name}"`;
    default:
      return `nullif("${name}"::text, '') as "${name}"`;
  }
}

async function readTotals(connection: pg.ClientBase): Promise<FocusTotal[]> {
  const { rows } = await connection.query<FocusTotal>(
    `select "BillingAccountId" as billing_account, "BillingCurrency" as billing_currency,
       trim_scale(sum("BilledCost"))::text as billed_cost,
       trim_scale(sum("EffectiveCost"))::text as effective_cost
     from focus_cost_and_usage
     group by 1, 2 order by 1, 2`,
  );
  return rows;
}

function fileName({ folder, version, month }: FocusOptions, name: string, ending: string): string {
  return path.join(folder, `focus-${version}-${month}-${name}.${ending}`);
}

function datasetFile(dataset: DatasetId, options: FocusOptions): string {
  return fileName(options, DATASET_NAMES[dataset], options.format);
}

/** Each format has its own: both may lie in one folder. */
function metadataName(options: FocusOptions): string {
  return fileName(options, `${options.format}-metadata`, 'json');
}

function draftOf(file: string): string {
  return `${file}.${process.pid}.part`;
}
