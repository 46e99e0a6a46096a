/**
 * The monthly chargeback: what each team is charged, line by line, in the formats that are asked
 * for, a journal for the books, and a manifest that seals them. Two runs give the same bytes.
 */
import path from 'node:path';
import type pg from 'pg';
import { CheckFailedError } from '../../foundation/errors.ts';
import {
  type Column,
  type CsvForm,
  csvSelectList,
  jsonExpression,
  PLAIN_CSV,
} from '../formats/column.ts';
import type { WrittenFile } from '../formats/file-output.ts';
import { FileSet } from '../formats/file-set.ts';
import type { SigningKey } from '../formats/minisign.ts';
import { writeCsv } from '../formats/write-csv.ts';
import { writeJson } from '../formats/write-json.ts';
import { inSnapshot, type Resolve, type Snapshot } from '../snapshot.ts';
import { ENTRY_COLUMNS, JOURNAL_COLUMNS, LINE_COLUMNS, TEAM_COLUMNS } from './columns.ts';
import { CHARGEBACK_FORMATS, type ChargebackFormat } from './formats.ts';
import { addIndex, indexName } from './index-file.ts';
import { DEFAULT_JOURNAL, type JournalSettings } from './journal-settings.ts';
import { type NamedTemplate, readTemplate } from './journal-template.ts';
import { addTemplates, keepJournals } from './journals.ts';
import {
  addManifest,
  type ChargebackTotal,
  filePrefix,
  listedFiles,
  manifestOf,
  type Omission,
  obsoleteFiles,
  type StatementEntry,
  type StatementInvoice,
  type StatementRate,
  type Summary,
} from './manifest.ts';
import { DEFAULT_STATEMENTS, type StatementSettings } from './statement-settings.ts';
import { openStatement } from './statement-snapshot.ts';
import { writeStatements } from './statements.ts';

export interface ChargebackOptions {
  /** `YYYY-MM` */
  readonly month: string;
  readonly reportingCurrency: string;
  readonly folder: string;
  /** All of them by default. */
  readonly formats?: readonly ChargebackFormat[];
  /** Accounts and templates of the journal. */
  readonly journal?: JournalSettings;
  /** Of the CSV files, but not of the journal's templates. */
  readonly csvForm?: CsvForm;
  /** Sender and contact of the statements. */
  readonly statements?: StatementSettings;
  readonly resolve: Resolve;
  /** Signs the manifest. */
  readonly signingKey?: SigningKey | null;
  /** Reads the month before; without it, statements do not say what changed. */
  readonly resolveBefore?: Resolve | null;
}

export interface Chargeback {
  readonly month: string;
  /** The files that the manifest seals. */
  readonly files: readonly WrittenFile[];
  readonly manifestFile: string;
  /** The page to open first; null without the format html. */
  readonly indexFile: string | null;
  readonly totals: readonly ChargebackTotal[];
  /** What the statement leaves out; empty when it is whole. */
  readonly omissions: readonly Omission[];
}

const LINES = 'from chargeback_line order by line';
const ENTRIES = 'from chargeback_entry order by entry_number';

/**
 * Reads everything in one snapshot, so that all files agree. Throws CheckFailedError when the month has
 * no data, UsageError when the folder cannot be written; then, as after any failure, the folder is as
 * it was.
 */
export async function writeChargeback(
  pool: pg.Pool,
  options: ChargebackOptions,
): Promise<Chargeback> {
  const {
    month,
    folder,
    journal = DEFAULT_JOURNAL,
    csvForm = PLAIN_CSV,
    signingKey = null,
  } = options;
  const templates = await Promise.all(
    journal.templates.map((name) => readTemplate(name, journal.values)),
  );
  return FileSet.writeInto(folder, async (files) => {
    const former = await listedFiles(folder, month);
    const { summary, statements } = await inSnapshot(pool, (connection) =>
      writeAll(connection, files, { ...options, journal, csvForm, templates }),
    );
    const sealed = [...files.written];
    const manifest = await addManifest(
      files,
      await manifestOf(summary, statements, folder, sealed),
      signingKey,
    );
    await files.publish(obsoleteFiles(month, former, files.written));
    return {
      month,
      files: sealed,
      manifestFile: manifest.file,
      indexFile:
        files.written.find(({ file }) => path.basename(file) === indexName(month))?.file ?? null,
      totals: summary.totals,
      omissions: summary.omissions,
    };
  });
}

interface ReadOptions extends ChargebackOptions {
  readonly journal: JournalSettings;
  readonly csvForm: CsvForm;
  readonly templates: readonly NamedTemplate[];
}

async function writeAll(
  connection: pg.PoolClient,
  files: FileSet,
  options: ReadOptions,
): Promise<{ summary: Summary; statements: readonly StatementEntry[] }> {
  const { month, formats = CHARGEBACK_FORMATS, csvForm } = options;
  const prefix = filePrefix(month);
  const { snapshot, sources } = await openStatement(connection, options);
  const totals = await snapshot.rows<ChargebackTotal>('totals');
  const omissions = await snapshot.rows<Omission>('omissions');
  if (totals.length === 0 && omissions.length === 0) {
    throw new CheckFailedError(`nothing is charged in ${month}: no file is written`);
  }
  await snapshot.keep('chargeback_team', 'teams');
  await snapshot.keep('chargeback_invoice', 'invoices');
  await keepJournals(snapshot, options.journal, options.reportingCurrency);
  const summary: Summary = {
    month,
    reporting_currency: options.reportingCurrency,
    sources,
    totals,
    exchange_rates: await snapshot.rows<StatementRate>('exchange_rates'),
    omissions,
    invoices: await snapshot.rows<StatementInvoice>('invoices'),
  };
  const statements: StatementEntry[] = [];
  for (const format of formats) {
    if (format !== 'html') {
      await FORMAT_WRITERS[format](snapshot, files, prefix, { summary, csvForm });
      continue;
    }
    const { statements: settings = DEFAULT_STATEMENTS, resolveBefore = null } = options;
    const use = { prefix, summary, settings, resolveBefore };
    statements.push(...(await writeStatements(snapshot, files, use)));
  }
  await addCsv(snapshot, files, `${prefix}journal.csv`, {
    columns: JOURNAL_COLUMNS,
    from: 'from chargeback_posting',
    form: csvForm,
  });
  await addCsv(snapshot, files, `${prefix}journal-entries.csv`, {
    columns: ENTRY_COLUMNS,
    from: ENTRIES,
    form: csvForm,
  });
  await addTemplates(snapshot, files, prefix, options.templates, options.journal.values);
  if (formats.includes('html')) await addIndex(snapshot, files, summary);
  return { summary, statements };
}

type FormatWriter = (
  snapshot: Snapshot,
  files: FileSet,
  prefix: string,
  use: { readonly summary: Summary; readonly csvForm: CsvForm },
) => Promise<void>;

/** Writers of formats with a large library load it when they are asked. */
const FORMAT_WRITERS: Readonly<Record<Exclude<ChargebackFormat, 'html'>, FormatWriter>> = {
  csv: async (snapshot, files, prefix, { csvForm: form }) => {
    const teams = 'from chargeback_team';
    await addCsv(snapshot, files, `${prefix}lines.csv`, {
      columns: LINE_COLUMNS,
      from: LINES,
      form,
    });
    await addCsv(snapshot, files, `${prefix}teams.csv`, {
      columns: TEAM_COLUMNS,
      from: teams,
      form,
    });
  },
  xlsx: async (snapshot, files, prefix, { summary }) => {
    const { addWorkbook } = await import('./workbook.ts');
    await addWorkbook(snapshot, files, prefix, summary);
  },
  json: async ({ connection }, files, prefix, { summary }) => {
    const { rows } = await connection.query<{ team: unknown }>(
      `select ${jsonExpression(TEAM_COLUMNS)} as team from chargeback_team`,
    );
    const teams = rows.map(({ team }) => team);
    const lines = { name: 'lines', columns: LINE_COLUMNS, from: LINES, isFirst: 'line = 1' };
    await files.add(`${prefix}lines.json`, (file) =>
      writeJson(connection, { ...summary, teams }, lines, file),
    );
  },
  arrow: async ({ connection }, files, prefix) => {
    const { writeArrow } = await import('../formats/write-arrow.ts');
    await files.add(`${prefix}lines.arrow`, (file) =>
      writeArrow(connection, LINE_COLUMNS, LINES, file),
    );
  },
  parquet: async ({ connection }, files, prefix) => {
    const { writeParquet } = await import('../formats/write-parquet.ts');
    await files.add(`${prefix}lines.parquet`, (file) =>
      writeParquet(connection, LINE_COLUMNS, LINES, file),
    );
  },
};

async function addCsv(
  { connection }: Snapshot,
  files: FileSet,
  name: string,
  { columns, from, form }: { columns: readonly Column[]; from: string; form: CsvForm },
): Promise<void> {
  const query = `select ${csvSelectList(columns, form)} ${from}`;
  await files.add(name, (file) => writeCsv(connection, query, file, { form }));
}
