/**
 * Goal: what each team is charged follows from the FOCUS file alone. Method: planted books with shared
 * costs in three currencies, several charges on a day, a charge over a month's end and corrections of a
 * closed month; a team's rows are added up and compared with the chargeback's teams file.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkFolder } from '../../../exports/focus/check-export.ts';
import { FOCUS_VERSIONS, type FocusVersion } from '../../../exports/focus/columns.ts';
import { exportFocus } from '../../../exports/focus/export-focus.ts';
import { monthRange } from '../../../foundation/months.ts';
import { readAllocation } from '../../../transforms/reference/read-allocation.ts';
import { createFolder, type TemporaryFolder } from '../../support/folder.ts';
import {
  allocateBy,
  closeAt,
  createPlantedProduct,
  type PlantedCharge,
  plant,
  plantResource,
  transformAt,
} from '../../support/planted-product.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { chargeback } from '../planted-books.ts';
import { unscaled } from '../unscaled.ts';
import { fileOf, type Row, readRows, writeRows } from './files.ts';
import { set } from './spoiled-export.ts';

const SCALE = 9;
const SEPTEMBER = '2026-09';
const OCTOBER = '2026-10';

const RATES = [
  { base: 'EUR', day: '2026-01-01', rate: '1.1634' },
  { base: 'USDC', day: '2026-01-01', rate: '0.9987654321' },
];

const RULES = `
dimensions: [product]
cost_centres: [{ id: '10' }, { id: '20' }]
teams: [{ id: nlp, cost_centre: '10' }, { id: web, cost_centre: '20' }]
rules:
  - { id: by-tag, match: { tag: 'team:*' }, set: { team: '*', product: chat } }
shared:
  - id: network
    match: { name: shared-network }
    split: { by: fixed, shares: { nlp: '0.66666', web: '0.33334' } }
`;

const SHARED = ['network', 'circuit', 'coin'];

const charge = (resource: string, hour: string, more: Partial<PlantedCharge>): PlantedCharge => ({
  key: `planted/${resource}/${hour}`,
  resource,
  start: `${hour}:00:00Z`,
  end: `${hour}:30:00Z`,
  quantity: '1',
  price: '0.333333333',
  ...more,
});

const OVER_MONTHS_END = {
  end: '2026-10-01T12:00:00Z',
  dayRule: 'seconds',
  quantity: '24',
} as const;

const CHARGES = [
  charge('train', '2026-10-01T00', { quantity: '12', price: '0.245' }),
  charge('network', '2026-10-05T00', {}),
  charge('network', '2026-10-05T01', {}),
  charge('network', '2026-10-05T02', {}),
  charge('circuit', '2026-10-12T00', { currency: 'EUR', price: '100' }),
  // Its server changes hands at the end of the first of its two days.
  charge('moved', '2026-10-14T00', {
    end: '2026-10-16T00:00:00Z',
    dayRule: 'seconds',
    quantity: '48',
    price: '0.1',
  }),
  charge('coin', '2026-10-13T00', { currency: 'USDC', price: '33.333333333' }),
];

const closedCharges = (price: string, hourPrice: string): PlantedCharge[] => [
  charge('network', '2026-09-20T00', { price }),
  charge('network', '2026-09-30T12', { ...OVER_MONTHS_END, price: hourPrice }),
];

let database: TestDatabase;
let folder: TemporaryFolder;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await createFolder();
  await plantOwnedBooks(database.pool);
});

afterAll(async () => {
  await database?.close();
  await folder?.remove();
});

/** September is closed, then corrected: 10 becomes 7, and 0.1 an hour over the month's end 0.2. */
async function plantOwnedBooks(pool: pg.Pool): Promise<void> {
  await createPlantedProduct(pool);
  const rules = path.join(folder.path, 'allocation.yaml');
  await writeFile(rules, RULES);
  allocateBy(await readAllocation(rules));
  await plantResource(pool, 'train', { name: 'train', tags: ['team:nlp'] });
  await plantResource(pool, 'moved', { to: '2026-10-15', name: 'moved', tags: ['team:nlp'] });
  await plantResource(pool, 'moved', { from: '2026-10-15', name: 'moved', tags: ['team:web'] });
  for (const name of SHARED) await plantResource(pool, name, { name: 'shared-network' });
  await plant(pool, [...CHARGES, ...closedCharges('10', '0.1')]);
  await transformAt(pool, '2026-10-14T00:00:00Z', RATES);
  await closeAt(pool, '2026-10-14T00:00:00Z', monthRange(SEPTEMBER), true);
  await plant(pool, [...CHARGES, ...closedCharges('7', '0.2')]);
  await transformAt(pool, '2026-10-25T00:00:00Z', RATES);
}

async function exported(month: string, version: FocusVersion): Promise<Row[]> {
  const target = path.join(folder.path, `${month}-${version}`);
  const range = monthRange(month);
  const options = { month, from: range.from, to: range.to, version, format: 'csv' } as const;
  await exportFocus(database.pool, { ...options, reportingCurrency: 'USD', folder: target });
  const [checked] = await checkFolder(database.pool, target);
  expect(checked?.results.filter(({ state }) => state === 'fail')).toEqual([]);
  return readRows(fileOf(target, 'cost-and-usage', month, version));
}

/** Team and currency: billed, and in the reporting currency, in billionths. */
type Totals = Record<string, readonly [bigint, bigint]>;

function add(totals: Totals, key: string, billed: string, reporting: string): void {
  const [billedBefore, reportingBefore] = totals[key] ?? [0n, 0n];
  totals[key] = [
    billedBefore + unscaled(billed, SCALE),
    reportingBefore + unscaled(reporting, SCALE),
  ];
}

function totalsOf(rows: readonly Row[]): Totals {
  const totals: Totals = {};
  for (const row of rows) {
    const currency = row.x_SettlementAsset ?? row.BillingCurrency;
    const billed = row.x_SettlementAmount ?? row.BilledCost ?? '';
    add(totals, `${row.x_Team} ${row.x_CostCentre} ${currency}`, billed, row.x_ReportingCost ?? '');
  }
  return totals;
}

async function charged(month: string): Promise<Totals> {
  const { files } = await chargeback(database.pool, month, path.join(folder.path, 'chargeback'), [
    'csv',
  ]);
  const teams = files.find(({ file }) => path.basename(file).includes('teams'));
  const rows = parse(await readFile(teams?.file ?? '', 'utf8'), { columns: true }) as Row[];
  const totals: Totals = {};
  for (const row of rows) {
    const key = `${row.team} ${row.cost_centre} ${row.billing_currency}`;
    add(totals, key, row.billed_cost ?? '', row.reporting_cost ?? '');
  }
  return totals;
}

const billed = (totals: Totals): Record<string, bigint> =>
  Object.fromEntries(Object.entries(totals).map(([key, [amount]]) => [key, amount]));

test.each(FOCUS_VERSIONS)('teams are charged what FOCUS %s says', async (version) => {
  const october = totalsOf(await exported(OCTOBER, version));
  // nlp: 2.94 + 2.4 + two thirds of the corrections (1.2 - 3), of October's 2.4 and of 3 × 0.333333333.
  expect(billed(october)).toEqual({
    'nlp 10 USD': 6_406_655_999n,
    'web 20 USD': 2_933_344_000n,
    'nlp 10 EUR': 66_666_000_000n,
    'web 20 EUR': 33_334_000_000n,
    'nlp 10 USDC': 22_222_000_000n,
    'web 20 USDC': 11_111_333_333n,
  });
  expect(october).toEqual(await charged(OCTOBER));
});

test('a closed month stays as it was charged', async () => {
  const september = totalsOf(await exported(SEPTEMBER, '1.4'));
  expect(billed(september)).toEqual({ 'nlp 10 USD': 7_466_592_000n, 'web 20 USD': 3_733_408_000n });
  expect(september).toEqual(await charged(SEPTEMBER));
});

test('a split charge has a row per team with its part; a team\u2019s own has one and no part', async () => {
  const rows = await exported(OCTOBER, '1.4');
  const ofCharge = (key: string) =>
    rows
      .filter((row) => row.x_ChargeKey === key)
      .map((row) => [row.x_Team, row.x_AllocationRule, row.BilledCost, row.AllocatedMethodId]);
  expect(ofCharge('planted/circuit/2026-10-12T00')).toEqual([
    ['nlp', 'shared:network', '66.666', 'shared:network'],
    ['web', 'shared:network', '33.334', 'shared:network'],
  ]);
  expect(ofCharge('planted/train/2026-10-01T00')).toEqual([['nlp', 'by-tag', '2.94', null]]);
  expect(ofCharge('planted/moved/2026-10-14T00')).toEqual([
    ['nlp', 'by-tag', '2.4', 'by-tag'],
    ['web', 'by-tag', '2.4', 'by-tag'],
  ]);
  const shared = rows.find((row) => row.x_ChargeKey === 'planted/circuit/2026-10-12T00');
  expect(shared).toMatchObject({ AllocatedResourceId: 'nlp', PricingQuantity: '0.66666' });
  expect(JSON.parse(shared?.AllocatedMethodDetails ?? '')).toEqual({
    Elements: [{ AllocatedRatio: 0.66666 }],
  });
});

test('what rules give beside the owner is a virtual tag', async () => {
  const rows = await exported(OCTOBER, '1.4');
  const given = (key: string) =>
    rows.filter((row) => row.x_ChargeKey === key).map((row) => row.x_VirtualTags);
  expect(given('planted/train/2026-10-01T00')).toEqual(['{"product": "chat"}']);
  expect(given('planted/circuit/2026-10-12T00')).toEqual([null, null]);
});

test.each<[string, Row, string]>([
  [
    'parts that are not the whole',
    { AllocatedMethodDetails: '{"Elements": [{"AllocatedRatio": 0.5}]}' },
    'CostAndUsage-AllocatedRatio-sum',
  ],
  [
    'a part without a ratio',
    { AllocatedMethodDetails: '{"Elements": [{"UsageQuantity": 1}]}' },
    'CostAndUsage-AllocatedMethodDetails-elements',
  ],
  [
    'a method for nobody',
    { AllocatedResourceId: null },
    'CostAndUsage-AllocatedMethodId-with-AllocatedResourceId',
  ],
  [
    'a part by no method',
    { AllocatedMethodId: null },
    'CostAndUsage-AllocatedMethodDetails-with-AllocatedMethodId',
  ],
  ['two rows of one team', { x_Team: 'web', x_CostCentre: '20' }, 'CostAndUsage-no-duplicates'],
])('the check sees %s', async (_, spoilt, rule) => {
  const rows = await exported(OCTOBER, '1.4');
  set(spoilt, { x_ChargeKey: 'planted/circuit/2026-10-12T00', x_Team: 'nlp' })(rows);
  const target = path.join(folder.path, `${OCTOBER}-1.4`);
  await writeRows(fileOf(target, 'cost-and-usage', OCTOBER), rows);
  const [checked] = await checkFolder(database.pool, target);
  const failed = checked?.results.filter(({ state }) => state === 'fail') ?? [];
  expect(failed.map(({ id }) => id)).toContain(rule);
});
