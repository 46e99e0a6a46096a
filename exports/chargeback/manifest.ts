/** The manifest of a month: what the files hold and rest on, chained to the month before. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { monthBefore } from '../../foundation/months.ts';
import { FileOutput, type WrittenFile } from '../formats/file-output.ts';
import type { FileSet } from '../formats/file-set.ts';
import { type SigningKey, signatureOf } from '../formats/minisign.ts';

/** A row of `sources.sql`: what the statement rests on. Instants are ISO 8601, UTC. */
export interface Sources {
  readonly state: 'open' | 'closed';
  readonly closed_at: string | null;
  readonly last_run_id: number | null;
  readonly last_run_clock: string | null;
  readonly rates_sha256: string | null;
  readonly contracts_sha256: string | null;
  readonly exchange_rates_sha256: string | null;
  /** Rules, teams and cost centres. */
  readonly allocation_sha256: string | null;
}

/** A row of `totals.sql`. Amounts are exact decimal texts in the billing currency. */
export interface ChargebackTotal {
  readonly billing_currency: string;
  readonly lines: number;
  readonly billed_cost: string;
  readonly effective_cost: string;
  readonly shared_cost: string;
  readonly unused_commitment_cost: string;
  readonly correction_cost: string;
  readonly reporting_currency: string;
  readonly reporting_cost: string;
}

/** A row of `exchange_rates.sql`: one base = rate quote, from a UTC day to before another. */
export interface StatementRate {
  readonly base_currency: string;
  readonly quote_currency: string;
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly rate: string;
  readonly source: string;
}

/** A row of `omissions.sql`: what the statement leaves out. Exact decimal texts. */
export interface Omission {
  readonly kind: 'usage without a price' | 'amount without an exchange rate';
  readonly account_id: string;
  readonly provider: string;
  readonly billing_currency: string;
  readonly resources: number;
  /** Of usage without a price; else 0. */
  readonly usage_hours: string;
  /** In the billing currency, of amounts without an exchange rate; else 0. */
  readonly amount: string;
}

/** A row of `invoices.sql`. Amounts are exact decimal texts in its currency; days are `YYYY-MM-DD`. */
export interface StatementInvoice {
  readonly issuer_name: string;
  readonly account_id: string;
  readonly invoice_number: string;
  readonly is_credit_note: boolean;
  readonly invoice_date: string | null;
  readonly due_date: string | null;
  readonly currency: string;
  /** Without tax; below zero for a credit note. */
  readonly net_amount: string;
  /** On no statement and in no journal: both are without tax. */
  readonly tax_amount: string;
}

/** What the statement says as a whole. */
export interface Summary {
  readonly month: string;
  readonly reporting_currency: string;
  readonly sources: Sources;
  readonly totals: readonly ChargebackTotal[];
  readonly exchange_rates: readonly StatementRate[];
  /** Empty when every cost of the month is in the statement. */
  readonly omissions: readonly Omission[];
  /** What the providers issued for the month. */
  readonly invoices: readonly StatementInvoice[];
}

/** What is left out, in one line for people. */
export function omissionText(row: Omission): string {
  const what =
    row.kind === 'usage without a price'
      ? `${row.usage_hours} hours of usage without a price`
      : `${row.amount} ${row.billing_currency} without an exchange rate`;
  const resources = row.resources === 1 ? '1 resource' : `${row.resources} resources`;
  return `${what} (${row.provider}, account ${row.account_id}, ${resources})`;
}

interface ListedFile {
  readonly name: string;
  readonly sha256: string;
}

/** A team's statement among the files. */
export interface StatementEntry {
  readonly team: string;
  /** Shared by all versions of the team's statement for the month. */
  readonly number: string;
  readonly file: string;
  /** Exact, in the reporting currency. */
  readonly reporting_cost: string;
}

export interface Manifest extends Summary {
  /** Empty without the format html. */
  readonly statements: readonly StatementEntry[];
  /** The manifest of the month before, in the same folder; null when there is none. */
  readonly previous: ListedFile | null;
  readonly files: readonly (ListedFile & { readonly rows: number; readonly bytes: number })[];
}

/** The name that all files of a month begin with. */
export function filePrefix(month: string): string {
  return `chargeback-${month}-`;
}

export function manifestName(month: string): string {
  return `${filePrefix(month)}manifest.json`;
}

export async function manifestOf(
  summary: Summary,
  statements: readonly StatementEntry[],
  folder: string,
  files: readonly WrittenFile[],
): Promise<Manifest> {
  return {
    ...summary,
    statements,
    previous: await previousManifest(folder, summary.month),
    files: files.map(({ file, rows, bytes, sha256 }) => ({
      name: path.basename(file),
      rows,
      bytes,
      sha256,
    })),
  };
}

/** The name of the detached signature of a manifest. */
export function signatureName(month: string): string {
  return `${manifestName(month)}.minisig`;
}

/** Adds the manifest as the last file of its month, or before its signature when there is a key. */
export async function addManifest(
  files: FileSet,
  manifest: Manifest,
  key: SigningKey | null,
): Promise<WrittenFile> {
  const { month } = manifest;
  const content = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const written = await files.add(manifestName(month), (file) => writeWhole(file, content));
  if (key !== null) {
    const signature = signatureOf(content, key, `chargeback ${month}`);
    await files.add(signatureName(month), (file) => writeWhole(file, Buffer.from(signature)));
  }
  return written;
}

function writeWhole(file: string, content: Buffer): Promise<WrittenFile> {
  return FileOutput.writeFile(file, async (output) => {
    await output.write(content);
    return 1;
  });
}

/** The manifest of the month before `month` as it is in the folder; null when there is none. */
export async function previousManifest(folder: string, month: string): Promise<ListedFile | null> {
  const name = manifestName(monthBefore(month));
  const bytes = await readIfThere(path.join(folder, name));
  if (bytes === null) return null;
  return { name, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** The names in the month's manifest as it stands in the folder; empty when there is none. */
export async function listedFiles(folder: string, month: string): Promise<string[]> {
  const bytes = await readIfThere(path.join(folder, manifestName(month)));
  if (bytes === null) return [];
  const { files } = JSON.parse(bytes.toString('utf8')) as Pick<Manifest, 'files'>;
  return files.map(({ name }) => name);
}

/** Names of files that a former run of the month may have written and this one did not: nobody vouches for them. */
export function obsoleteFiles(
  month: string,
  former: readonly string[],
  files: readonly WrittenFile[],
): string[] {
  const current = files.map(({ file }) => path.basename(file));
  return [...former, signatureName(month)].filter(
    (name) =>
      name.startsWith(filePrefix(month)) && path.basename(name) === name && !current.includes(name),
  );
}

export async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
