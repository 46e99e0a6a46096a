/**
 * Goal: the preview's SKU Price dataset has each price with its kind and its time: of rate cards, of a
 * market and as it was charged, and every charge finds its own. Method: planted rates, a marketplace and
 * charges; the file by hand, and defects that the check must see.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { checkFolder } from '../../../exports/focus/check-export.ts';
import { exportFocus } from '../../../exports/focus/export-focus.ts';
import { createFolder } from '../../support/folder.ts';
import { testDatabase } from '../../support/postgres.ts';
import { fileOf, type Row, readRows, writeRows } from './files.ts';
import { enter } from './ledger.ts';
import { optionsOf } from './options.ts';
import { set } from './spoiled-export.ts';
import { createWorld } from './world.ts';

const PREVIEW = '1.5-preview';
const METAL = `'i3d-flexmetal', 'bm7.std.8', 'EU: Rotterdam'`;

let pool: pg.Pool;
let folder: string;

beforeEach(async ({ onTestFinished }) => {
  pool = (await testDatabase()).pool;
  await createWorld(pool);
  await pool.query(`
    insert into reference.rate (provider, sku, region, contract_id, account_id, unit, unit_price,
      list_unit_price, currency, valid_from, valid_to, source_file, source_line, loaded_at, superseded_at)
    values
      (${METAL}, '', null, 'Hours', 1.5, 1.8, 'EUR', '2026-01-01Z', '2026-08-15Z', 'r.csv', 2, '2026-07-01Z', null),
      (${METAL}, '', null, 'Hours', 1.6, null, 'EUR', '2026-08-15Z', null, 'r.csv', 3, '2026-07-01Z', null),
      (${METAL}, 'C-1', null, 'Hours', 1.2, null, 'EUR', '2026-07-01Z', null, 'r.csv', 4, '2026-07-01Z', null),
      (${METAL}, '', 'i3d-main', 'Hours', 1.4, null, 'EUR', '2026-01-01Z', null, 'r.csv', 5, '2026-07-01Z', null),
      (${METAL}, '', null, 'Hours', 9.9, null, 'EUR', '2026-01-01Z', null, 'r.csv', 6, '2026-06-01Z', '2026-07-01Z'),
      (${METAL}, '', null, 'Hours', 1.1, null, 'EUR', '2025-01-01Z', '2026-01-01Z', 'r.csv', 7, '2026-07-01Z', null)`);
  await landOffer('0.96', '2026-08-05T10:00:00.500Z', '2026-08-20T12:00:00Z');
  await landOffer('1.2', '2026-08-20T12:00:00Z', null);
  const temporary = await createFolder();
  onTestFinished(() => temporary.remove());
  folder = temporary.path;
});

async function landOffer(price: string, from: string, to: string | null): Promise<void> {
  const payload = {
    configuration: { slug: 'cpu-2-ram-4gb-storage-25gb', price },
    datacenter: { countryCode: 'US', cityCode: 'NYC', cityIndex: 1 },
    servers: [],
  };
  await pool.query(
    `insert into landing.version (account_id, entity, slice, record_key, content_hash, payload,
       first_sweep_id, seen_from, seen_to, ended_at, ended_because)
     values ('fluence-main', 'fluence.offer', '', 'basic', '', $1, 1, $2, $3::timestamptz,
       $3::timestamptz, case when $3::timestamptz is not null then 'changed' end)`,
    [JSON.stringify(payload), from, to],
  );
}

async function exported(): Promise<{ prices: Row[]; costs: Row[] }> {
  await exportFocus(pool, optionsOf(folder, PREVIEW));
  expect(await failures()).toEqual([]);
  return {
    prices: await readRows(fileOf(folder, 'sku-price', '2026-08', PREVIEW)),
    costs: await readRows(fileOf(folder, 'cost-and-usage', '2026-08', PREVIEW)),
  };
}

async function failures(): Promise<string[]> {
  const [checked] = await checkFolder(pool, folder);
  const failed = checked?.results.filter(({ state }) => state === 'fail') ?? [];
  return failed.map(({ id }) => id);
}

const shown = (rows: readonly Row[]): unknown[] =>
  rows.map((row) => [
    row.ChargeCategory,
    row.UnitPriceType,
    row.UnitPrice,
    row.ContractId,
    row.SkuPriceEffectiveStart,
    row.SkuPriceEffectiveEnd,
  ]);

test('a rate card: list, agreed and contracted prices, each in its time', async () => {
  const { prices } = await exported();
  const ofCard = prices.filter((row) => row.x_PriceSource === 'rate card');
  const general = ofCard.filter((row) => row.SkuPriceEligibility === '{"IsGlobalScope": true}');
  const [year, middle, july] = [
    '2026-01-01T00:00:00Z',
    '2026-08-15T00:00:00Z',
    '2026-07-01T00:00:00Z',
  ];
  expect(shown(general)).toEqual(
    expect.arrayContaining([
      ['Usage', 'List', '1.8', null, year, middle],
      ['Usage', 'Agreed', '1.5', null, year, middle],
      ['Usage', 'List', '1.6', null, middle, null],
      ['Usage', 'Contracted', '1.2', 'C-1', july, null],
      ['Purchase', 'Contracted', '1.2', 'C-1', july, null],
    ]),
  );
  expect(general).toHaveLength(5);
  const [own, ...others] = ofCard.filter((row) => !general.includes(row));
  expect(others).toEqual([]);
  expect(own).toMatchObject({ UnitPrice: '1.4', PricingServiceName: 'FlexMetal' });
  expect(JSON.parse(own?.SkuPriceEligibility ?? '')).toMatchObject({
    Inclusions: [{ Dimension: 'BillingAccountId', Operator: 'In', Values: ['i3d-main'] }],
  });
  const ids = new Set(
    general.filter((row) => row.ContractId === null).map((row) => row.SkuPriceId),
  );
  expect(ids.size).toBe(1);
});

test('a market: an epoch\u2019s price by the hour, in the reporting currency at the day\u2019s rate', async () => {
  const { prices } = await exported();
  const ofMarket = prices.filter((row) => row.x_PriceSource === 'market');
  // 0.96 / 24 = 0.04 and 1.2 / 24 = 0.05 USDC, at 0.9987654321.
  expect(shown(ofMarket)).toEqual([
    ['Usage', 'List', '0.039950617284', null, '2026-08-05T10:00:00Z', '2026-08-20T12:00:00Z'],
    ['Usage', 'List', '0.049938271605', null, '2026-08-20T12:00:00Z', null],
  ]);
  expect(ofMarket[0]).toMatchObject({
    PricingCurrency: 'USD',
    SkuId: '2vcpu-4gib-25gib',
    x_SettlementAsset: 'USDC',
    x_SettlementUnitPrice: '0.04',
  });
});

test('a price that only charges tell holds from the first to the last of them', async () => {
  const { prices, costs } = await exported();
  const epoch = prices.find((row) => row.PricingUnit === '24 Hours');
  // Two epochs at 2.487527 USDC, the second over the month's end.
  expect(epoch).toMatchObject({
    x_PriceSource: 'observed',
    x_SettlementUnitPrice: '2.487527',
    SkuPriceEffectiveStart: '2026-08-30T18:00:00Z',
    SkuPriceEffectiveEnd: '2026-09-01T18:00:00Z',
  });
  const charged = costs.filter((row) => row.SkuPriceId === epoch?.SkuPriceId);
  expect(charged).toHaveLength(2);
});

test('a charge at a rate names the price of the rate card, whatever it was at its time', async () => {
  const { rows } = await pool.query<{ id: string }>(
    `select rate_id::text as id from reference.rate where source_line in (2, 3) order by source_line`,
  );
  for (const [index, day] of ['2026-08-10', '2026-08-20'].entries()) {
    await enter(pool, {
      account: 'i3d-main',
      provider: 'i3d-flexmetal',
      key: `flexmetal/1001/${day}`,
      resource: '1001',
      meter: 'server-hours',
      start: `${day}T00:00:00Z`,
      end: `${day}T01:00:00Z`,
      quantity: '1',
      price: index === 0 ? '1.5' : '1.6',
      currency: 'USD',
      rate: '1',
      priceSource: `rate:${rows[index]?.id}`,
    });
  }
  const { prices, costs } = await exported();
  const list = prices.find((row) => row.UnitPriceType === 'List' && row.UnitPrice === '1.6');
  const charged = costs.filter((row) => row.x_PriceSource?.startsWith('rate:'));
  expect(charged.map((row) => row.SkuPriceId)).toEqual([list?.SkuPriceId, list?.SkuPriceId]);
});

test('the preview says what it is', async () => {
  await exportFocus(pool, optionsOf(folder, PREVIEW));
  const file = path.join(folder, 'focus-1.5-preview-2026-08-csv-metadata.json');
  const metadata = JSON.parse(await readFile(file, 'utf8'));
  expect(metadata.x_Preview).toContain(
    'PREVIEW: SkuPrice has the columns of the draft of FOCUS 1.5',
  );
  const names = metadata.DatasetInstance.map((row: Row) => row.DatasetInstanceName);
  expect(names).toContain('Meterhouse SkuPrice (preview)');
  await exportFocus(pool, optionsOf(folder, '1.4'));
  const released = await readFile(file.replace(PREVIEW, '1.4'), 'utf8');
  expect(released).not.toMatch(/preview/i);
});

test.each<[string, Row, Row, string]>([
  [
    'two amounts at once',
    { SkuPriceEffectiveEnd: null },
    { UnitPrice: '1.8' },
    'SkuPrice-no-overlap',
  ],
  [
    'an end before the start',
    { SkuPriceEffectiveEnd: '2020-01-01T00:00:00Z' },
    {},
    'SkuPrice-period',
  ],
  [
    'a list price of a contract',
    { ContractId: 'C-1' },
    { UnitPriceType: 'List' },
    'SkuPrice-contract',
  ],
  [
    'a purchase that nobody pays',
    { PurchasePaymentModel: null },
    { ChargeCategory: 'Purchase' },
    'SkuPrice-purchase',
  ],
  ['a price for nobody', { SkuPriceEligibility: '{}' }, {}, 'SkuPrice-eligibility'],
  [
    'a price of two units',
    { PricingUnit: 'Months' },
    { UnitPrice: '1.8' },
    'SkuPrice-one-sku-of-price',
  ],
  [
    'a charge at a price of no list',
    { SkuPriceId: 'other' },
    { x_PriceSource: 'observed' },
    'SkuPrice-known',
  ],
])('the check sees %s', async (_, spoilt, where, rule) => {
  const { prices } = await exported();
  set(spoilt, where)(prices);
  await writeRows(fileOf(folder, 'sku-price', '2026-08', PREVIEW), prices);
  expect(await failures()).toContain(rule);
});
