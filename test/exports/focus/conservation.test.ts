/**
 * Goal: whatever is charged, closed and restated, each month's export adds up to the daily costs of
 * its statement, per currency and to the last unit, and to what each team is charged. Method: random
 * charges over a month's end (hours and epochs, three currencies), a close, random restatements,
 * another close; once with a resource per charge, once with many charges on few, shared resources.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkFolder } from '../../../exports/focus/check-export.ts';
import { exportFocus } from '../../../exports/focus/export-focus.ts';
import { readAllocation } from '../../../transforms/reference/read-allocation.ts';
import { createFolder } from '../../support/folder.ts';
import {
  allocateBy,
  closeAt,
  createPlantedProduct,
  type PlantedCharge,
  plant,
  plantResource,
  transformAt,
} from '../../support/planted-product.ts';
import { testDatabase } from '../../support/postgres.ts';
import { unscaled } from '../unscaled.ts';
import { fileOf, readRows } from './files.ts';

const MONTHS = {
  '2026-08': { from: '2026-08-01', to: '2026-09-01' },
  '2026-09': { from: '2026-09-01', to: '2026-10-01' },
} as const;
const SCALE = 24;
const CHARGES = 40;
const START_MS = Date.UTC(2026, 7, 25);
const SECONDS_MAX = 12 * 86_400;

const charge = fc.record({
  offset: fc.integer({ min: 0, max: SECONDS_MAX }),
  seconds: fc.integer({ min: 1, max: 3 * 86_400 }),
  quantity: fc.integer({ min: 1, max: 999_999_999 }),
  price: fc.integer({ min: 0, max: 99_999_999 }),
  currency: fc.constantFrom('EUR', 'JPY', 'USD'),
  dayRule: fc.constantFrom('start' as const, 'seconds' as const),
});

const RULES = `
teams: [{ id: nlp }, { id: web }, { id: ops }]
rules: [{ id: own, match: { name: own }, set: { team: ops } }]
shared:
  - id: network
    match: { name: shared }
    split: { by: fixed, shares: { nlp: '0.333333333', web: '0.4', ops: '0.266666667' } }
`;

/** Drawn charges on so many resources. */
function planted(seed: number, resources: number): PlantedCharge[] {
  return fc.sample(charge, { seed, numRuns: CHARGES }).map((drawn, index) => {
    const startMs = START_MS + drawn.offset * 1000;
    return {
      key: `planted/${index}`,
      resource: `resource-${index % resources}`,
      start: new Date(startMs).toISOString(),
      end: new Date(startMs + drawn.seconds * 1000).toISOString(),
      quantity: `${drawn.quantity}e-7`,
      price: `${drawn.price}e-9`,
      currency: drawn.currency,
      dayRule: drawn.dayRule,
    };
  });
}

test.each([1, 2])('exports are conserved over closes and corrections (seed %i)', async (seed) => {
  const { pool } = await testDatabase();
  const folder = await createFolder();
  try {
    await createPlantedProduct(pool);
    const first = planted(seed, CHARGES);
    await plant(pool, first);
    await transformAt(pool, '2026-09-10T00:00:00Z');
    expect(await closeAt(pool, '2026-09-10T00:00:00Z', MONTHS['2026-08'], true)).toMatchObject({
      isClosed: true,
    });
    const [before] = await sums('2026-08');
    const second = planted(seed + 100, CHARGES).map((drawn, index) => ({
      ...(first[index] ?? drawn),
      price: index % 2 === 0 ? drawn.price : (first[index]?.price ?? '0'),
    }));
    await plant(pool, second.slice(3));
    await transformAt(pool, '2026-09-20T00:00:00Z');
    const [after, stated] = await sums('2026-08');
    expect(after).toEqual(before);
    expect(after).toEqual(stated);
    const [september, facts] = await sums('2026-09');
    expect(september).toEqual(facts);
  } finally {
    await folder.remove();
  }

  /** By billing currency: what the export says, and what the daily costs say. */
  async function sums(month: keyof typeof MONTHS): Promise<Record<string, bigint>[]> {
    const options = { month, ...MONTHS[month], version: '1.4', format: 'csv' } as const;
    await exportFocus(pool, { ...options, reportingCurrency: 'USD', folder: folder.path });
    const exported: Record<string, bigint> = {};
    for (const row of await readRows(fileOf(folder.path, 'cost-and-usage', month))) {
      const currency = row.BillingCurrency ?? '';
      exported[currency] = (exported[currency] ?? 0n) + unscaled(row.BilledCost ?? '', SCALE);
    }
    const { rows } = await pool.query<{ currency: string; billed: string }>(
      `select billing_currency as currency, sum(billed_cost)::text as billed
       from mart.fct_cost_daily where statement_month = $1 group by 1`,
      [MONTHS[month].from],
    );
    const facts = rows.map(({ currency, billed }) => [currency, unscaled(billed, SCALE)] as const);
    return [exported, Object.fromEntries(facts)];
  }
});

test.each([1, 2, 3])('a team\u2019s rows are what it is charged (seed %i)', async (seed) => {
  const { pool } = await testDatabase();
  const folder = await createFolder();
  try {
    await createPlantedProduct(pool);
    const rules = path.join(folder.path, 'allocation.yaml');
    await writeFile(rules, RULES);
    allocateBy(await readAllocation(rules));
    for (const [resource, name] of ['shared', 'shared', 'own', 'nobody'].entries()) {
      await plantResource(pool, `resource-${resource}`, { name });
    }
    // Shared until the month's end, then a team's own.
    await plantResource(pool, 'resource-4', { to: '2026-08-31', name: 'shared' });
    await plantResource(pool, 'resource-4', { from: '2026-08-31', name: 'own' });
    const first = planted(seed, 5);
    await plant(pool, first);
    await transformAt(pool, '2026-09-10T00:00:00Z');
    await closeAt(pool, '2026-09-10T00:00:00Z', MONTHS['2026-08'], true);
    const second = planted(seed + 100, 5).map(({ price }, index) => ({
      ...(first[index] as PlantedCharge),
      ...(index % 2 === 0 ? { price } : {}),
    }));
    await plant(pool, second.slice(3));
    await transformAt(pool, '2026-09-20T00:00:00Z');
    for (const month of ['2026-08', '2026-09'] as const) {
      const options = { month, ...MONTHS[month], version: '1.4', format: 'csv' } as const;
      await exportFocus(pool, { ...options, reportingCurrency: 'USD', folder: folder.path });
      const exported: Record<string, bigint> = {};
      for (const row of await readRows(fileOf(folder.path, 'cost-and-usage', month))) {
        const owner = `${row.x_Team} ${row.BillingCurrency}`;
        exported[owner] = (exported[owner] ?? 0n) + unscaled(row.BilledCost ?? '', SCALE);
      }
      const { rows } = await pool.query<{ owner: string; billed: string }>(
        `select concat_ws(' ', team, billing_currency) as owner, sum(billed_cost)::text as billed
         from mart.rpt_cost_owned_daily where statement_month = $1 group by 1`,
        [MONTHS[month].from],
      );
      const charged = rows.map(({ owner, billed }) => [owner, unscaled(billed, SCALE)] as const);
      expect(exported).toEqual(Object.fromEntries(charged));
    }
    const checked = await checkFolder(pool, folder.path);
    const failed = checked.flatMap(({ results }) =>
      results.filter(({ state }) => state === 'fail'),
    );
    expect(failed).toEqual([]);
  } finally {
    await folder.remove();
  }
});
