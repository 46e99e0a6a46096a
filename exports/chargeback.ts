/** The monthly chargeback: lines, totals per team, and a manifest that says what is in them. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { quoteParameters, type WrittenFile, writeCsv } from './write-csv.ts';

export interface ChargebackOptions {
  /** `YYYY-MM` */
  readonly month: string;
  readonly reportingCurrency: string;
  readonly folder: string;
  /** Puts the relations that are to be read in place of the names that the queries use. */
  readonly resolve: (text: string) => {
    readonly text: string;
    readonly parameters: Readonly<Record<string, string>>;
  };
}

export interface ChargebackTotal {
  readonly billing_currency: string;
  readonly billed_cost: string;
  readonly reporting_cost: string;
}

export interface Chargeback {
  readonly month: string;
  readonly files: readonly WrittenFile[];
  readonly manifestFile: string;
  readonly totals: readonly ChargebackTotal[];
}

/** Reads everything in one snapshot, so that lines and totals agree. */
export async function writeChargeback(
  pool: pg.Pool,
  options: ChargebackOptions,
): Promise<Chargeback> {
  const connection = await pool.connect();
  try {
    await connection.query('begin transaction isolation level repeatable read read only');
    const chargeback = await writeFiles(connection, options);
    await connection.query('commit');
    return chargeback;
  } catch (error) {
    await connection.query('rollback').catch(() => undefined); // the first error is the news
    throw error;
  } finally {
    connection.release();
  }
}

async function writeFiles(
  connection: pg.PoolClient,
  options: ChargebackOptions,
): Promise<Chargeback> {
  const { month, reportingCurrency, folder } = options;
  const files: WrittenFile[] = [];
  for (const name of ['lines', 'teams']) {
    const query = await readFile(path.join(import.meta.dirname, `chargeback-${name}.sql`), 'utf8');
    const file = path.join(folder, `chargeback-${month}-${name}.csv`);
    const { text, parameters } = options.resolve(query);
    const values = { ...parameters, month, reporting_currency: reportingCurrency };
    files.push(await writeCsv(connection, text, values, file));
  }
  const totals = await readTotals(connection, options);
  const manifestFile = path.join(folder, `chargeback-${month}-manifest.json`);
  const manifest = {
    month,
    reporting_currency: reportingCurrency,
    totals,
    files: files.map(({ file, rows, bytes, sha256 }) => ({
      name: path.basename(file),
      rows,
      bytes,
      sha256,
    })),
  };
  const draft = `${manifestFile}.${process.pid}.part`;
  await writeFile(draft, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(draft, manifestFile);
  return { month, files, manifestFile, totals };
}

async function readTotals(
  connection: pg.PoolClient,
  options: ChargebackOptions,
): Promise<ChargebackTotal[]> {
  const { text, parameters } = options.resolve(
    `select billing_currency, trim_scale(sum(billed_cost)) as billed_cost,
       trim_scale(sum(reporting_cost)) as reporting_cost
     from known_cost as cost
     where statement_month = :'from'
     group by billing_currency
     order by billing_currency`,
  );
  const { rows } = await connection.query<ChargebackTotal>(
    quoteParameters(connection, text, parameters),
  );
  return rows;
}
