/**
 * Goal: a month leaves the warehouse as FOCUS wants it: exact, typed, complete or not at all, and a
 * closed month for good. Method: a small planted ledger, and the files themselves.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { checkFolder } from '../../../exports/focus/check-export.ts';
import { FOCUS_VERSIONS } from '../../../exports/focus/columns.ts';
import { exportFocus } from '../../../exports/focus/export-focus.ts';
import { createFolder } from '../../support/folder.ts';
import { testDatabase } from '../../support/postgres.ts';
import { fileOf, type Row, readRows } from './files.ts';
import { optionsOf } from './options.ts';
import { closeAndCorrect, createWorld, enterUnvalued, POOL } from './world.ts';

let pool: pg.Pool;
let folder: string;

beforeEach(async ({ onTestFinished }) => {
  pool = (await testDatabase()).pool;
  await createWorld(pool);
  const temporary = await createFolder();
  onTestFinished(() => temporary.remove());
  folder = temporary.path;
});

async function costs(month: '2026-08' | '2026-09' = '2026-08'): Promise<Row[]> {
  await exportFocus(pool, optionsOf(folder, '1.4', 'csv', month));
  return readRows(fileOf(folder, 'cost-and-usage', month));
}

const find = (rows: readonly Row[], match: Row): Row => {
  const found = rows.filter((row) =>
    Object.entries(match).every(([name, value]) => row[name] === value),
  );
  expect(found).toHaveLength(1);
  return found[0] ?? {};
};

describe('cost and usage', () => {
  test('texts are quoted, numbers are not, nothing is written for null', async () => {
    await exportFocus(pool, optionsOf(folder));
    const text = await readFile(fileOf(folder, 'cost-and-usage'), 'utf8');
    expect(text).toContain(',"1001","007","Bare Metal Server",');
    expect(text).toContain('"{""team"": ""nlp"", ""keep, \\""please\\"""": true}"');
    expect(text).toContain('\n,,,,,9.99915,"i3d-main","i3d-main","EUR","2026-09-01T00:00:00Z",');
  });

  test('a commitment is bought and used: billed once, its unused part on its own', async () => {
    const rows = await costs();
    const used = { CommitmentDiscountStatus: 'Used', ChargeCategory: 'Usage' };
    expect(find(rows, used)).toMatchObject({
      BilledCost: '0.0',
      EffectiveCost: '36.0',
      ResourceId: '1001',
      ConsumedQuantity: '24.0',
      PricingCategory: 'Committed',
    });
    expect(find(rows, { CommitmentDiscountStatus: 'Unused' })).toMatchObject({
      BilledCost: '0.0',
      EffectiveCost: '252.0',
      ResourceId: POOL,
      ConsumedQuantity: null,
    });
    const bought = rows.filter((row) => row.ChargeCategory === 'Purchase');
    expect(bought.map((row) => [row.BilledCost, row.EffectiveCost, row.ResourceId])).toEqual([
      ['36.0', '0.0', POOL],
      ['252.0', '0.0', POOL],
    ]);
  });

  test('a purchase applies its cost to the contract, its use the hours', async () => {
    const rows = (await costs()).filter((row) => row.ContractApplied !== null);
    const named = { ContractId: 'C-1', ContractCommitmentId: POOL };
    const applied = rows.map((row) => [
      row.ChargeCategory,
      JSON.parse(row.ContractApplied ?? '').Elements,
    ]);
    const hours = { ContractCommitmentAppliedUnit: 'Server-Hours' };
    expect(applied).toEqual([
      ['Purchase', [{ ...named, ContractCommitmentAppliedCost: 36 }]],
      ['Usage', [{ ...named, ...hours, ContractCommitmentAppliedQuantity: 24 }]],
      ['Purchase', [{ ...named, ContractCommitmentAppliedCost: 252 }]],
      ['Usage', [{ ...named, ...hours, ContractCommitmentAppliedQuantity: 168 }]],
    ]);
  });

  test('a tag is a key with its value where no other has the key', async () => {
    await pool.query(
      `update mart.dim_resource set tags = '{env:prod,env:eu,owner:a:b,spare,:x,y:}'
       where resource_id = '1001'`,
    );
    const row = find(await costs(), { ResourceId: '1001', PricingCategory: 'Standard' });
    expect(JSON.parse(row.Tags ?? '')).toEqual({
      'env:prod': true,
      'env:eu': true,
      owner: 'a:b',
      spare: true,
      ':x': true,
      'y:': true,
    });
  });

  test('no text is a formula in a spreadsheet', async () => {
    await pool.query(
      `update mart.dim_resource set name = '=1+1', region_name = '@x' where resource_id = '1001'`,
    );
    const row = find(await costs(), { ResourceId: '1001', PricingCategory: 'Standard' });
    expect(row).toMatchObject({ ResourceName: "'=1+1", RegionName: "'@x" });
  });

  test('USDC stands in the reporting currency; the asset and its rate beside it', async () => {
    const row = find(await costs(), { ChargePeriodStart: '2026-08-30T18:00:00Z' });
    expect(row).toMatchObject({
      BillingCurrency: 'USD',
      BilledCost: '2.484455979', // 2.487527 × 0.9987654321 = 2.48445597901…
      x_SettlementAsset: 'USDC',
      x_SettlementAmount: '2.487527',
      x_SettlementRateToBilling: '0.9987654321',
      x_SettlementRateSource: 'observed',
    });
  });

  test('an epoch over the month\u2019s end is cut there, to the last unit', async () => {
    const august = find(await costs(), { ChargePeriodStart: '2026-08-31T18:00:00Z' });
    const september = find(await costs('2026-09'), { ChargePeriodEnd: '2026-09-01T18:00:00Z' });
    expect(august).toMatchObject({ PricingQuantity: '0.25', x_SettlementAmount: '0.62188175' });
    expect(september).toMatchObject({ PricingQuantity: '0.75', x_SettlementAmount: '1.86564525' });
    expect(august.ChargePeriodEnd).toBe(september.ChargePeriodStart);
  });

  test('a row tells its source, its uncertainty and its payloads', async () => {
    const row = find(await costs(), {
      ResourceId: '1001',
      ChargeCategory: 'Usage',
      PricingCategory: 'Standard',
    });
    expect(row).toMatchObject({
      x_Source: 'derived',
      x_Uncertainty: '0.5',
      x_PriceSource: 'api:1',
      x_SourceVersions: '12',
      ChargePeriodStart: '2026-08-31T10:15:30Z',
      InvoiceId: '724319',
      Tags: '{"team": "nlp", "keep, \\"please\\"": true}',
    });
  });

  test('a credit has no price and no resource of its own', async () => {
    expect(find(await costs(), { ChargeCategory: 'Credit' })).toMatchObject({
      BilledCost: '-288.87',
      ContractedCost: '-288.87',
      ContractedUnitPrice: null,
      PricingQuantity: null,
      ResourceId: null,
      InvoiceId: null,
      x_StatementId: 'synthetic-openmetal-main-2026-08',
    });
  });
});

test('a closed month stays byte for byte; what corrects it is reversal and re-entry in the next', async () => {
  const state = async (): Promise<string> => {
    await exportFocus(pool, optionsOf(folder));
    const texts = (await readdir(folder))
      .sort()
      .map((name) => readFile(`${folder}/${name}`, 'utf8'));
    return (await Promise.all(texts)).join('');
  };
  await exportFocus(pool, optionsOf(folder));
  const open = await readRows(fileOf(folder, 'cost-and-usage'));
  await closeAndCorrect(pool);
  const closed = await state();
  expect(await readRows(fileOf(folder, 'cost-and-usage'))).toEqual(open);
  expect(await state()).toBe(closed);
  const corrections = (await costs('2026-09')).filter((row) => row.ChargeClass === 'Correction');
  expect(corrections).toHaveLength(2);
  const { rows } = await pool.query<{ id: string }>(
    `select charge_id::text as id from ledger.charge
     where charge_key = 'flexmetal/1001/server-hours/2026-08-31' and run_id = 1`,
  );
  for (const [row, cost] of [
    [corrections[0], '-9.99915'],
    [corrections[1], '10.713375'],
  ] as const) {
    expect(row).toMatchObject({
      BilledCost: cost,
      BillingPeriodStart: '2026-09-01T00:00:00Z',
      x_CorrectedPeriodStart: '2026-08-01T00:00:00Z',
      x_CorrectionOf: rows[0]?.id,
      x_CorrectionReason: 'quantity restated',
    });
  }
  for (const checked of await checkFolder(pool, folder)) {
    expect(checked.results.filter(({ state: result }) => result === 'fail')).toEqual([]);
  }
});

describe.each(FOCUS_VERSIONS)('version %s', (version) => {
  test('passes its own check as CSV and as Parquet, twice with the same bytes', async () => {
    for (const format of ['csv', 'parquet'] as const) {
      const first = await exportFocus(pool, optionsOf(folder, version, format));
      expect(await exportFocus(pool, optionsOf(folder, version, format))).toEqual(first);
    }
    const checked = await checkFolder(pool, folder);
    expect(checked).toHaveLength(2);
    for (const { results } of checked) {
      expect(results.filter(({ state }) => state === 'fail')).toEqual([]);
      expect(results.find(({ id }) => id === 'CostAndUsage-totals')).toMatchObject({
        state: 'pass',
      });
    }
  });
});

describe('nothing is half-written', () => {
  test('without an exchange rate for a settlement asset', async () => {
    await enterUnvalued(pool);
    await expect(exportFocus(pool, optionsOf(folder))).rejects.toThrow(
      '1 charges in USDC have no exchange rate to USD: add it to reference.exchange_rates and run transform',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test('where a file cannot take its name', async () => {
    await mkdir(fileOf(folder, 'cost-and-usage'));
    await expect(exportFocus(pool, optionsOf(folder))).rejects.toThrow('EISDIR');
    expect(await readdir(folder)).toHaveLength(1);
  });

  test('for a month without cost, or a reporting currency without an ISO code', async () => {
    const empty = { ...optionsOf(folder), month: '2026-01', from: '2026-01-01', to: '2026-02-01' };
    await expect(exportFocus(pool, empty)).rejects.toThrow('nothing is charged in 2026-01');
    await expect(
      exportFocus(pool, { ...optionsOf(folder), reportingCurrency: 'USDC' }),
    ).rejects.toThrow('reporting_currency USDC is no ISO 4217 code');
  });
});
