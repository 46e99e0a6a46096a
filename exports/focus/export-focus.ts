/**
 * One month's statement as FOCUS datasets: everything is read in one snapshot, and all files appear
 * together when they are complete.
 */
import type pg from 'pg';
import { UsageError } from '../../foundation/errors.ts';
import { type Column, defused } from '../formats/column.ts';
import { FileOutput, type WrittenFile } from '../formats/file-output.ts';
import { FileSet } from '../formats/file-set.ts';
import { writeCsv } from '../formats/write-csv.ts';
import { inSnapshot, Snapshot } from '../snapshot.ts';
import {
  type DatasetId,
  datasetsOf,
  type FocusColumn,
  type FocusFormat,
  type FocusVersion,
  scaleOf,
  writtenColumns,
} from './columns.ts';
import {
  buildMetadata,
  type ExportDescription,
  type ExportedFile,
  type FocusTotal,
} from './metadata.ts';
import { CURRENCIES, isIsoCurrency } from './tables.ts';

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
  SkuPrice: 'sku-price',
};

/** Queries whose rows the datasets read, each reading those before it. */
const CHARGE_STEPS = [
  'rate',
  'charge-share',
  'owner-day',
  'charge-owner',
  'charge-part',
  'invoice-line',
  'charge-invoice',
] as const;

/**
 * Throws UsageError when the month has no cost, money that FOCUS cannot express, or a folder that
 * cannot be written; the folder is as it was then.
 */
export async function exportFocus(pool: pg.Pool, options: FocusOptions): Promise<FocusExport> {
  if (!isIsoCurrency(options.reportingCurrency)) {
    throw new UsageError(
      `reporting_currency ${options.reportingCurrency} is no ISO 4217 code: FOCUS takes no other`,
    );
  }
  return inSnapshot(pool, async (connection) => {
    const state = await readState(connection, options);
    await keepDatasets(connection, options, state);
    await refuseWithoutMoney(connection, options);
    return FileSet.writeInto(options.folder, (files) =>
      writeFiles(connection, files, options, state),
    );
  });
}

async function writeFiles(
  connection: pg.PoolClient,
  files: FileSet,
  options: FocusOptions,
  state: MonthState,
): Promise<FocusExport> {
  const written: ExportedFile[] = [];
  for (const dataset of datasetsOf(options.version)) {
    const name = fileName(options, DATASET_NAMES[dataset], options.format);
    const file = await files.add(name, (draft) =>
      writeDataset(connection, dataset, options, draft),
    );
    written.push({ dataset, name, rows: file.rows, bytes: file.bytes, sha256: file.sha256 });
  }
  const description: ExportDescription = {
    month: options.month,
    version: options.version,
    format: options.format,
    is_closed: state.isClosed,
    files: written,
    totals: await readTotals(connection),
  };
  const { updatedAt } = state;
  const metadata = buildMetadata({ ...options, description, updatedAt });
  // Each format has its own: both may be in one folder.
  const metadataName = fileName(options, `${options.format}-metadata`, 'json');
  const { file: metadataFile } = await files.add(metadataName, (draft) =>
    FileOutput.writeFile(draft, async (output) => {
      await output.writeText(`${JSON.stringify(metadata, null, 2)}\n`);
      return 1;
    }),
  );
  await files.publish();
  return { ...description, folder: options.folder, metadataFile };
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
     left join mart.rpt_close as closed_month using (month)
     left join mart.transform_state as state on true`,
    [options.from],
  );
  const state = rows[0];
  if (state === undefined) throw new Error('a query without a table gave no row');
  return state;
}

async function keepDatasets(
  connection: pg.PoolClient,
  options: FocusOptions,
  state: MonthState,
): Promise<void> {
  const snapshot = new Snapshot(connection, 'exports/focus', {
    month: options.month,
    from: options.from,
    to: options.to,
    known_at: state.knownAt,
    reporting_currency: options.reportingCurrency,
    iso_currencies: CURRENCIES.map(({ code }) => code).join(' '),
  });
  const datasets = datasetsOf(options.version).map((id) => DATASET_NAMES[id]);
  for (const name of [...CHARGE_STEPS, ...datasets]) {
    await snapshot.keep(tableOf(name), name);
    await connection.query(`analyze ${tableOf(name)}`);
  }
  for (const name of datasets) {
    await connection.query(
      `alter table ${tableOf(name)} add column row_number bigint generated always as identity`,
    );
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
  file: string,
): Promise<WrittenFile> {
  const columns = writtenColumns(dataset, options.version);
  const from = `from ${tableOf(DATASET_NAMES[dataset])} order by row_number`;
  if (options.format === 'parquet') {
    const { writeParquet } = await import('../formats/write-parquet.ts');
    return writeParquet(connection, columns.map(parquetColumn), from, file);
  }
  const query = `select ${columns.map(asText).join(', ')} ${from}`;
  const texts = columns.filter(({ type }) => type !== 'decimal').map(({ name }) => name);
  return writeCsv(connection, query, file, { quoted: texts });
}

function parquetColumn(column: FocusColumn): Column {
  const { name, type } = column;
  if (type === 'decimal') return { name, kind: scaleOf(column) === 24 ? 'product' : 'price' };
  return { name, kind: type === 'instant' ? 'instant' : 'text' };
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
    case 'text':
      return `nullif(${defused(`"${name}"::text`)}, '') as "${name}"`;
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

function fileName({ version, month }: FocusOptions, name: string, ending: string): string {
  return `focus-${version}-${month}-${name}.${ending}`;
}
