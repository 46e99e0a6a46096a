/**
 * Goal: the conformance check sees each kind of defect. Method: a sound export of a small ledger, one
 * defect planted into a copy of its files, and the rules that fail then.
 */
import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkFolder } from '../../../exports/focus/check-export.ts';
import type { RuleResult } from '../../../exports/focus/check-rule.ts';
import { DATASETS, declaredColumns, writtenColumns } from '../../../exports/focus/columns.ts';
import { DATASET_NAMES, exportFocus } from '../../../exports/focus/export-focus.ts';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { fileOf, type Row, readRows, writeRows } from './files.ts';
import { createWorld, optionsOf } from './world.ts';

const METADATA = 'focus-1.4-2026-08-csv-metadata.json';

let database: TestDatabase;
let temporary: TemporaryFolder;
let sound: string;
let planted: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await createWorld(database.pool);
  temporary = await createFolder();
  sound = path.join(temporary.path, 'sound');
  planted = path.join(temporary.path, 'planted');
  await exportFocus(database.pool, optionsOf(sound));
});

afterAll(async () => {
  await database?.close();
  await temporary?.remove();
});

/** What fails after `spoil` has been at a copy of the export. */
async function failures(spoil: () => Promise<void>): Promise<readonly RuleResult[]> {
  await rm(planted, { recursive: true, force: true });
  await cp(sound, planted, { recursive: true });
  await spoil();
  const [checked] = await checkFolder(database.pool, planted);
  return checked?.results.filter(({ state }) => state === 'fail') ?? [];
}

async function failuresWith(
  dataset: string,
  change: (rows: Row[]) => Row[] | undefined,
): Promise<string[]> {
  const file = fileOf(planted, dataset);
  const failed = await failures(async () => {
    const rows = await readRows(file);
    await writeRows(file, change(rows) ?? rows);
  });
  return failed.map(({ id }) => id);
}

/** Sets values in the first row that has what `where` says. */
function set(values: Row, where: Row = {}): (rows: Row[]) => undefined {
  return (rows) => {
    const row = rows.find((candidate) =>
      Object.entries(where).every(([name, value]) => candidate[name] === value),
    );
    if (row === undefined) throw new Error(`no row with ${JSON.stringify(where)}`);
    Object.assign(row, values);
  };
}

const USAGE = { ChargeCategory: 'Usage', PricingCategory: 'Standard' };
const PURCHASE = { ChargeCategory: 'Purchase' };
const UNUSED = { CommitmentDiscountStatus: 'Unused' };
const SETTLED = { x_SettlementAsset: 'USDC' };

test.each<[string, Row, Row, string]>([
  ['a number with a sign', { BilledCost: '+1' }, {}, 'CostAndUsage-BilledCost-type'],
  ['a number with a currency', { EffectiveCost: '1 USD' }, {}, 'CostAndUsage-EffectiveCost-type'],
  ['a number with separators', { ListCost: '1,000.5' }, {}, 'CostAndUsage-ListCost-type'],
  [
    'a day as an instant',
    { ChargePeriodStart: '2026-08-01' },
    {},
    'CostAndUsage-ChargePeriodStart-type',
  ],
  [
    'a day that is not',
    { ChargePeriodEnd: '2026-02-31T00:00:00Z' },
    {},
    'CostAndUsage-ChargePeriodEnd-type',
  ],
  ['tags that are no JSON', { Tags: 'team=nlp' }, {}, 'CostAndUsage-Tags-type'],
  ['an empty text', { RegionId: '' }, {}, 'CostAndUsage-RegionId-type'],
  ['a stand-in for null', { ResourceName: 'N/A' }, {}, 'CostAndUsage-ResourceName-type'],
  ['null where it must not be', { ServiceName: null }, {}, 'CostAndUsage-ServiceName-null'],
  [
    'a value that is not allowed',
    { ChargeCategory: 'usage' },
    {},
    'CostAndUsage-ChargeCategory-values',
  ],
  [
    'a currency without a code',
    { BillingCurrency: 'USDC' },
    {},
    'CostAndUsage-BillingCurrency-format',
  ],
  ['nested tags', { Tags: '{"a": {"b": 1}}' }, {}, 'CostAndUsage-Tags-format'],
  ['a negative price', { ListUnitPrice: '-1' }, USAGE, 'CostAndUsage-ListUnitPrice-format'],
  ['a unit of its own kind', { PricingUnit: 'per hour' }, USAGE, 'CostAndUsage-PricingUnit-format'],
  [
    'a period that ends first',
    { ChargePeriodEnd: '2026-08-01T00:00:00Z' },
    USAGE,
    'CostAndUsage-ChargePeriod-order',
  ],
  [
    'a cost that is no product',
    { ContractedCost: '9.99916' },
    USAGE,
    'CostAndUsage-ContractedCost-product',
  ],
  [
    'a credit that costs otherwise',
    { ListCost: '1' },
    { ChargeCategory: 'Credit' },
    'CostAndUsage-ListCost-as-billed',
  ],
  ['usage without a SKU price', { SkuPriceId: null }, USAGE, 'CostAndUsage-SkuPriceId-of-charges'],
  [
    'a tax with a quantity',
    { ChargeCategory: 'Tax' },
    USAGE,
    'CostAndUsage-PricingQuantity-of-tax',
  ],
  [
    'a unit without a quantity',
    { ConsumedQuantity: null },
    USAGE,
    'CostAndUsage-ConsumedUnit-with-ConsumedQuantity',
  ],
  [
    'consumption by a purchase',
    { ConsumedQuantity: '1', ConsumedUnit: 'Hours' },
    PURCHASE,
    'CostAndUsage-ConsumedQuantity-of-usage',
  ],
  [
    'a usage-based purchase',
    { ChargeFrequency: 'Usage-Based' },
    PURCHASE,
    'CostAndUsage-ChargeFrequency-of-purchase',
  ],
  [
    'covered usage that is billed',
    { BilledCost: '1' },
    UNUSED,
    'CostAndUsage-Commitment-covered-cost',
  ],
  [
    'an idle commitment on a server',
    { ResourceId: '1001' },
    UNUSED,
    'CostAndUsage-Commitment-unused',
  ],
  [
    'a purchase with an effective cost',
    { EffectiveCost: '1' },
    PURCHASE,
    'CostAndUsage-Commitment-purchase',
  ],
  [
    'a commitment that loses money',
    { EffectiveCost: '251' },
    UNUSED,
    'CostAndUsage-commitment-conserved',
  ],
  [
    'usage neither used nor unused',
    { CommitmentDiscountStatus: null },
    UNUSED,
    'CostAndUsage-CommitmentDiscountStatus-of-usage',
  ],
  [
    'a contract without a quantity',
    { ContractApplied: '{"Elements": [{"ContractId": "C-1", "ContractCommitmentId": "x"}]}' },
    UNUSED,
    'CostAndUsage-ContractApplied-elements',
  ],
  ['a region without a name', { RegionName: null }, USAGE, 'CostAndUsage-RegionName-with-RegionId'],
  [
    'a name that repeats the id',
    { ResourceName: '1001' },
    USAGE,
    'CostAndUsage-ResourceName-not-id',
  ],
  [
    'a subcategory of another category',
    { ServiceSubcategory: 'Block Storage' },
    {},
    'CostAndUsage-ServiceSubcategory-parent',
  ],
  [
    'a correction that gives no reason',
    { ChargeClass: 'Correction' },
    {},
    'CostAndUsage-Correction-stated',
  ],
  [
    'an asset without a rate',
    { x_SettlementRateToBilling: null },
    SETTLED,
    'CostAndUsage-Settlement-stated',
  ],
  [
    'a cost at another rate',
    { x_SettlementRateToBilling: '1' },
    SETTLED,
    'CostAndUsage-Settlement-rate',
  ],
  [
    'another billing period',
    { BillingPeriodStart: '2026-07-01T00:00:00Z' },
    {},
    'CostAndUsage-one-billing-period',
  ],
  [
    'a service of two categories',
    { ServiceCategory: 'Other' },
    USAGE,
    'CostAndUsage-one-service-category',
  ],
  ['a price of two SKUs', { SkuId: 'other' }, UNUSED, 'CostAndUsage-SkuId-of-price'],
  ['money that is not in the totals', { BilledCost: '9' }, USAGE, 'CostAndUsage-totals'],
  ['an invoice nobody issued', { InvoiceId: '1' }, USAGE, 'Invoice-known'],
  [
    'an issuer without a billing period',
    { InvoiceIssuerName: 'Nobody' },
    USAGE,
    'BillingPeriod-known',
  ],
])('cost and usage: %s', async (_, values, where, rule) => {
  const expected = rule === 'CostAndUsage-SkuId-of-price' ? 'CostAndUsage-one-sku-of-price' : rule;
  const failed = await failuresWith('cost-and-usage', (rows) => {
    if (rule !== 'CostAndUsage-SkuId-of-price') return set(values, where)(rows);
    const price = rows.find((row) => row.SkuPriceId !== null)?.SkuPriceId ?? null;
    return set({ SkuPriceId: price, SkuId: 'other' }, UNUSED)(rows);
  });
  expect(failed).toContain(expected);
});

test.each<[string, string, Row, Row, string]>([
  [
    'an invoice that charges do not come to',
    'invoice-detail',
    { BilledCost: '299.01' },
    { x_Synthetic: 'false' },
    'Invoice-reconciles',
  ],
  [
    'an issued line without a date',
    'invoice-detail',
    { InvoiceIssueDate: null },
    { x_Synthetic: 'false' },
    'InvoiceDetail-issued',
  ],
  [
    'our own figures as an invoice',
    'invoice-detail',
    { InvoiceIssueStatus: 'Issued' },
    { x_Synthetic: 'true' },
    'InvoiceDetail-synthetic',
  ],
  [
    'a line of the past that knows the future',
    'invoice-detail',
    { InvoiceDetailLastUpdated: '2026-01-01T00:00:00Z' },
    {},
    'InvoiceDetail-updated',
  ],
  [
    'a period that is half closed',
    'billing-period',
    { BillingPeriodStatus: 'Closing' },
    {},
    'BillingPeriod-BillingPeriodStatus-values',
  ],
  [
    'a period updated before it was',
    'billing-period',
    { BillingPeriodLastUpdated: '2026-01-01T00:00:00Z' },
    {},
    'BillingPeriod-updated',
  ],
  [
    'a commitment beyond its contract',
    'contract-commitment',
    { ContractPeriodEnd: '2026-12-01T00:00:00Z' },
    {},
    'ContractCommitment-periods',
  ],
  [
    'a discount on availability',
    'contract-commitment',
    { ContractCommitmentDiscountPercentage: '0.1' },
    {},
    'ContractCommitment-discount',
  ],
  [
    'a percentage above one',
    'contract-commitment',
    { ContractCommitmentDiscountPercentage: '12' },
    {},
    'ContractCommitment-ContractCommitmentDiscountPercentage-format',
  ],
  [
    'a duration in words',
    'contract-commitment',
    { ContractCommitmentDurationType: 'a year' },
    {},
    'ContractCommitment-duration',
  ],
  [
    'a quantity without a unit',
    'contract-commitment',
    { ContractCommitmentUnit: null },
    {},
    'ContractCommitment-quantity',
  ],
  [
    'a commitment that covers nothing',
    'contract-commitment',
    { ContractCommitmentApplicability: '{}' },
    {},
    'ContractCommitment-applicability',
  ],
  [
    'a commitment nobody listed',
    'contract-commitment',
    { ContractCommitmentId: 'other' },
    {},
    'ContractCommitment-known',
  ],
])('other datasets: %s', async (_, dataset, values, where, rule) => {
  expect(await failuresWith(dataset, set(values, where))).toContain(rule);
});

describe('files and columns', () => {
  test('a sound export passes, and what does not apply says why', async () => {
    const [checked] = await checkFolder(database.pool, sound);
    const states = new Set(checked?.results.map(({ state }) => state));
    expect([...states].sort()).toEqual(['not applicable', 'pass']);
    expect(checked?.results.find(({ id }) => id === 'CostAndUsage-SubAccountId-present')).toEqual({
      id: 'CostAndUsage-SubAccountId-present',
      says: 'SubAccountId is there (conditional)',
      state: 'not applicable',
      offenders: 0,
      examples: ['no provider tells sub-accounts'],
    });
  });

  test('a failing rule shows its first rows', async () => {
    const failed = await failures(async () => {
      const rows = await readRows(fileOf(planted, 'cost-and-usage'));
      for (const row of rows) row.ChargeFrequency = 'Daily';
      await writeRows(fileOf(planted, 'cost-and-usage'), rows);
    });
    const rule = failed.find(({ id }) => id === 'CostAndUsage-ChargeFrequency-values');
    expect(rule?.offenders).toBe(8);
    expect(rule?.examples).toHaveLength(3);
    expect(rule?.examples[0]).toBe('row 1: ChargeFrequency=Daily');
  });

  test('a row written twice, a line listed twice', async () => {
    const twice = (rows: Row[]): Row[] => [...rows, ...rows.slice(0, 1)];
    expect(await failuresWith('cost-and-usage', twice)).toContain('CostAndUsage-no-duplicates');
    expect(await failuresWith('invoice-detail', twice)).toContain('InvoiceDetail-unique');
  });

  test('columns that are missing, unknown, misnamed or out of order', async () => {
    const failed = await failuresWith('cost-and-usage', (rows) =>
      rows.map(({ BilledCost: _, ...row }) => ({ ...row, Mood: 'good', x_mood: 'good' })),
    );
    expect(failed).toEqual(
      expect.arrayContaining([
        'CostAndUsage-BilledCost-present',
        'CostAndUsage-columns-known',
        'CostAndUsage-columns-named',
        'CostAndUsage-columns-order',
      ]),
    );
  });

  test('a column that occurs twice', async () => {
    const failed = await failures(async () => {
      const file = fileOf(planted, 'billing-period');
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace('BillingPeriodEnd', 'BillingPeriodStart'));
    });
    expect(failed.map(({ id }) => id)).toContain('BillingPeriod-file');
  });

  test('a Parquet file that stores instants as texts', async () => {
    const folder = path.join(temporary.path, 'parquet');
    const options = optionsOf(folder, '1.4', 'parquet');
    const { files } = await exportFocus(database.pool, options);
    const name = files.find(({ dataset }) => dataset === 'BillingPeriod')?.name ?? '';
    const rows = await readRows(fileOf(sound, 'billing-period'));
    parquetWriteFile({
      filename: path.join(folder, name),
      columnData: Object.keys(rows[0] ?? {}).map((column) => ({
        name: column,
        data: rows.map((row) => row[column]),
        type: 'STRING',
      })),
    });
    const [checked] = await checkFolder(database.pool, folder);
    const rule = checked?.results.find(({ id }) => id === 'BillingPeriod-columns-stored');
    expect(rule?.state).toBe('fail');
    expect(rule?.examples[0]).toBe('BillingPeriodCreated is stored as text');
  });

  test('a file that is gone, cut off, or not what the metadata says', async () => {
    const file = (): string => fileOf(planted, 'cost-and-usage');
    const gone = await failures(() => rm(file()));
    expect(gone.map(({ id }) => id)).toEqual(['CostAndUsage-file']);
    const cut = await failures(() => appendFile(file(), '1,2\n'));
    expect(cut[0]?.examples).toEqual(['missing data for column "BillingAccountName"']);
    const longer = await failures(() => appendFile(file(), ''));
    expect(longer).toEqual([]);
    const other = await failuresWith('cost-and-usage', (rows) => rows.slice(1));
    expect(other).toContain('CostAndUsage-unchanged');
  });

  test('metadata without a known version, and a folder without an export, are one clear line', async () => {
    await rm(planted, { recursive: true, force: true });
    await cp(sound, planted, { recursive: true });
    await writeFile(path.join(planted, METADATA), '{"x_Export": {"version": "0.9"}}');
    await expect(checkFolder(database.pool, planted)).rejects.toThrow(
      'describes no export of a known FOCUS version',
    );
    await expect(checkFolder(database.pool, temporary.path)).rejects.toThrow(
      'holds no FOCUS export',
    );
    await expect(checkFolder(database.pool, `${planted}/nowhere`)).rejects.toThrow(
      'cannot read the folder',
    );
  });
});

describe('a version is data', () => {
  test('each has the columns of its standard', () => {
    const counts = (['1.2', '1.3', '1.4'] as const).map((version) =>
      DATASETS.map(
        (dataset) =>
          declaredColumns(dataset, version).filter(({ level }) => level !== 'Custom').length,
      ),
    );
    expect(counts).toEqual([
      [57, 0, 0, 0],
      [65, 0, 0, 13],
      [65, 22, 6, 30],
    ]);
  });

  test('no mandatory column is left out, and the file has exactly the declared ones', async () => {
    for (const dataset of DATASETS) {
      const written = writtenColumns(dataset, '1.4').map(({ name }) => name);
      const left = declaredColumns(dataset, '1.4').filter(({ name }) => !written.includes(name));
      expect(left.filter(({ level }) => level === 'Mandatory')).toEqual([]);
      const [row] = await readRows(fileOf(sound, DATASET_NAMES[dataset]));
      expect(Object.keys(row ?? {})).toEqual(written);
    }
  });
});
