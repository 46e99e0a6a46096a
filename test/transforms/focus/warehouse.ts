/** One account whose bill comes in FOCUS files: a folder for its deliveries, the collector and the transform. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type pg from 'pg';
import { onTestFinished } from 'vitest';
import { FILE_LIMITS, type FileLimits } from '../../../collectors/files/file-source.ts';
import { FolderSource } from '../../../collectors/files/folder-source.ts';
import { runDeliveries } from '../../../collectors/files/run-deliveries.ts';
import { costAndUsage } from '../../../collectors/focus/cost-and-usage.ts';
import { PRODUCTS } from '../../../collectors/registry.ts';
import type { SweepResult } from '../../../collectors/run-stream.ts';
import { runTransform, type TransformResult } from '../../../transforms/ledger/run-transform.ts';
import { readManifest } from '../../../transforms/manifest.ts';
import type { ReferenceData } from '../../../transforms/reference/load-reference.ts';

export const ACCOUNT = 'clouds';

/** A row by the columns that a test is about; the others say what an ordinary row says. */
export type Row = Readonly<Record<string, string>>;

const ORDINARY: Row = {
  BilledCost: '1',
  BillingAccountId: '111',
  BillingCurrency: 'USD',
  BillingPeriodEnd: '2026-10-01T00:00:00Z',
  BillingPeriodStart: '2026-09-01T00:00:00Z',
  ChargeCategory: 'Usage',
  ChargeFrequency: 'Usage-Based',
  ChargePeriodEnd: '2026-09-02T00:00:00Z',
  ChargePeriodStart: '2026-09-01T00:00:00Z',
  ContractedCost: '1',
  EffectiveCost: '1',
  InvoiceIssuerName: 'Cloud Ltd',
  ListCost: '2',
  PricingCategory: 'Standard',
  PricingQuantity: '24',
  PricingUnit: 'Hours',
  ProviderName: 'Cloud',
  RegionId: 'eu-1',
  ResourceId: 'vm-1',
  ServiceCategory: 'Compute',
  ServiceName: 'Machines',
  SkuId: 'small',
  SubAccountId: '222',
  Tags: '{"team":"nlp"}',
};

/** The text of a file with these rows, in columns that all of them have. */
export function csvOf(rows: readonly Row[]): string {
  const names = [...new Set([ORDINARY, ...rows].flatMap((row) => Object.keys(row)))];
  const cell = (value: string): string => `"${value.replaceAll('"', '""')}"`;
  const lines = rows.map((row) => names.map((name) => cell(row[name] ?? ORDINARY[name] ?? '')));
  return [names.map(cell), ...lines].map((cells) => `${cells.join(',')}\n`).join('');
}

/** A folder for the deliveries of one test, which takes it away again. */
export function deliveryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'meterhouse-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file into the folder, and the folders that its name has. */
export function write(folder: string, name: string, content: string | Buffer): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
}

/** Collects what the folder holds at an instant. */
export async function collected(
  pool: pg.Pool,
  folder: string,
  at: string,
  limits: FileLimits = FILE_LIMITS,
): Promise<SweepResult[]> {
  const source = new FolderSource(ACCOUNT, pathToFileURL(folder).href, limits);
  const results = await runDeliveries(pool, {
    accountId: ACCOUNT,
    stream: costAndUsage,
    source,
    nowMs: Date.parse(at),
    limits,
  });
  if (results === null) throw new Error('the stream is locked');
  return results;
}

export async function transformed(
  pool: pg.Pool,
  now: string,
  options: { readonly isFull?: boolean; readonly reference?: Partial<ReferenceData> } = {},
): Promise<TransformResult> {
  return runTransform(pool, {
    manifest: await readManifest(PRODUCTS),
    reference: { rates: [], contracts: [], exchangeRates: [], ...options.reference },
    reportingCurrency: 'USD',
    nowMs: Date.parse(now),
    isFull: options.isFull ?? false,
  });
}

/** One text per row of a query. */
export async function texts(pool: pg.Pool, query: string): Promise<string[]> {
  const { rows } = await pool.query<Record<string, unknown>>(query);
  return rows.map((row) => Object.values(row).join(' '));
}
