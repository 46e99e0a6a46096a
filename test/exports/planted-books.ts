/**
 * Books with everything that a chargeback has to tell: two months of which the first is closed and
 * then corrected, two currencies, a shared cost, unused commitment, and names that mean harm.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { Knowledge } from '../../app/knowledge.ts';
import type { ChargebackFormat } from '../../exports/chargeback/formats.ts';
import { type Chargeback, writeChargeback } from '../../exports/chargeback/write-chargeback.ts';
import { type CsvForm, PLAIN_CSV } from '../../exports/formats/column.ts';
import { monthBefore, monthRange } from '../../foundation/months.ts';
import { readAllocation } from '../../transforms/reference/read-allocation.ts';
import {
  allocateBy,
  closeAt,
  createPlantedProduct,
  type PlantedCharge,
  plant,
  plantResource,
  transformAt,
} from '../support/planted-product.ts';

export const FORMULA_TEAM = '=HYPERLINK("http://evil","x")';
export const PATH_TEAM = '../../etc';

const RATES = [
  { base: 'EUR', day: '2026-01-01', rate: '1.1634' },
  { base: 'EUR', day: '2026-10-12', rate: '1.17' },
];

const RULES = `
cost_centres: [{ id: '10' }, { id: '20' }]
teams: [{ id: nlp, cost_centre: '10' }, { id: web, cost_centre: '20' }]
rules:
  - { id: by-tag, match: { tag: 'team:*' }, set: { team: '*' } }
shared:
  - id: network
    match: { name: shared-network }
    split: { by: fixed, shares: { nlp: '0.66666', web: '0.33334' } }
`;

const charge = (resource: string, day: string, more: Partial<PlantedCharge>): PlantedCharge => ({
  key: `planted/${resource}/${day}`,
  resource,
  start: `${day}T00:00:00Z`,
  end: `${day}T12:00:00Z`,
  quantity: '12',
  price: '0.245',
  ...more,
});

const CHARGES = [
  charge('train', '2026-09-30', { price: '2' }),
  charge('train', '2026-10-01', { price: '0.123456789' }),
  charge('train', '2026-10-02', { price: '0.123456789' }),
  charge('train', '2026-10-20', { quantity: '1', price: '12345678901.123456789' }),
  charge('site', '2026-10-11', { currency: 'EUR', price: '0.333333333' }),
  charge('site', '2026-10-12', { currency: 'EUR', price: '0.333333333' }),
  charge('network', '2026-10-05', { quantity: '1', price: '100' }),
  charge('pool', '2026-10-06', { meter: 'unused-commitment-hours', quantity: '3', price: '0.5' }),
  charge('formula', '2026-10-07', { currency: 'EUR' }),
  charge('climb', '2026-10-08', { price: '0.000000001' }),
  charge('credit', '2026-10-09', { quantity: '1', price: '-7.5' }),
];

/** Fills an empty database; October 2026 is open, September closed and corrected by -6. */
export async function plantBooks(pool: pg.Pool, folder: string): Promise<void> {
  await createPlantedProduct(pool);
  const rules = path.join(folder, 'allocation.yaml');
  await writeFile(rules, RULES);
  allocateBy(await readAllocation(rules));
  await plantResource(pool, 'train', { name: 'train "A", big', tags: ['team:nlp'] });
  await plantResource(pool, 'site', { name: '@SUM(1+1)*cmd|calc', tags: ['team:web'] });
  await plantResource(pool, 'network', { name: 'shared-network' });
  await plantResource(pool, 'pool', { name: 'pool', tags: ['team:nlp'] });
  await plantResource(pool, 'formula', { name: '+1', tags: [`team:${FORMULA_TEAM}`] });
  await plantResource(pool, 'climb', {
    name: '<script>alert(1)</script>',
    tags: [`team:${PATH_TEAM}`],
  });
  await plantResource(pool, 'credit', { name: '\tline\nbreak', tags: ['team:NLP'] });
  await plantAll(pool, CHARGES);
  await transformAt(pool, '2026-10-01T06:00:00Z', RATES);
  await closeAt(pool, '2026-10-01T06:00:00Z', monthRange('2026-09'));
  const corrected = CHARGES.map((planted) =>
    planted.start.startsWith('2026-09') ? { ...planted, price: '1.5' } : planted,
  );
  await plantAll(pool, corrected);
  await transformAt(pool, '2026-10-25T00:00:00Z', RATES);
}

async function plantAll(pool: pg.Pool, charges: readonly PlantedCharge[]): Promise<void> {
  await plant(pool, charges);
  await pool.query(`update public.planted_charge set commitment_status = 'Unused'
    where meter = 'unused-commitment-hours'`);
}

export async function chargeback(
  pool: pg.Pool,
  month: string,
  folder: string,
  formats?: readonly ChargebackFormat[],
  csvForm: CsvForm = PLAIN_CSV,
): Promise<Chargeback> {
  const knowledge = await Knowledge.of(null, monthRange(month));
  const before = await Knowledge.of(null, monthRange(monthBefore(month)));
  return writeChargeback(pool, {
    month,
    folder,
    reportingCurrency: 'USD',
    csvForm,
    resolve: (text) => knowledge.resolve(text),
    resolveBefore: (text) => before.resolve(text),
    ...(formats === undefined ? {} : { formats }),
  });
}
