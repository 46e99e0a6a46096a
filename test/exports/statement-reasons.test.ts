/**
 * Goal: each kind of reason for a changed cost is named as what it is, and reasons add up to the
 * difference. Method: two months with one resource of each kind; the page's table is read back.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import {
  allocateBy,
  createPlantedProduct,
  type PlantedCharge,
  plant,
  plantResource,
  transformAt,
} from '../support/planted-product.ts';
import { testDatabase } from '../support/postgres.ts';
import { chargeback } from './planted-books.ts';

const charge = (
  resource: string,
  month: string,
  quantity: string,
  price: string,
  more: Partial<PlantedCharge> = {},
): PlantedCharge => ({
  key: `planted/${resource}/${month}/${more.meter ?? ''}`,
  resource,
  start: `${month}-10T00:00:00Z`,
  end: `${month}-10T12:00:00Z`,
  quantity,
  price,
  ...more,
});

/** The reasons on the page of a team, without the two totals. */
async function reasonsOf(
  pool: pg.Pool,
  team: string,
  charges: readonly PlantedCharge[],
): Promise<string[]> {
  await plant(pool, charges);
  await transformAt(pool, '2026-11-01T00:00:00Z', [
    { base: 'EUR', day: '2026-01-01', rate: '1.1' },
  ]);
  const folder = await temporaryFolder();
  await chargeback(pool, '2026-10', folder, ['html']);
  const name = (await readdir(folder)).find((file) => file.includes(`-team-${team}-`)) ?? '';
  const page = await readFile(path.join(folder, name), 'utf8');
  const table = page.split('<h2>What changed')[1]?.split('</table>')[0] ?? '';
  return [...table.matchAll(/<tr><th scope="row">(.*?)<\/tr>/gs)].map(([, row = '']) =>
    row
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
}

async function emptyBooks(): Promise<pg.Pool> {
  const { pool } = await testDatabase();
  allocateBy(null);
  await createPlantedProduct(pool);
  return pool;
}

test('a resource that came from another team, went to one, or has another meter', async () => {
  const pool = await emptyBooks();
  for (const [name, before, after] of [
    ['came', 'web', 'nlp'],
    ['went', 'nlp', 'web'],
    ['resized', 'nlp', 'nlp'],
  ] as const) {
    await plantResource(pool, name, { to: '2026-10-01', name, tags: [`team:${before}`] });
    await plantResource(pool, name, { from: '2026-10-01', name, tags: [`team:${after}`] });
  }
  const charges = [
    ...['came', 'went'].flatMap((name) =>
      ['2026-09', '2026-10'].map((month) => charge(name, month, '10', name === 'came' ? '3' : '2')),
    ),
    charge('resized', '2026-09', '10', '1', { meter: 'small-hours' }),
    charge('resized', '2026-10', '10', '1.5', { meter: 'large-hours' }),
  ];
  expect(await reasonsOf(pool, 'nlp', charges)).toEqual([
    'came came from another team +30.00',
    'went went to another team -20.00',
    'resized has another SKU or meter +5.00',
  ]);
});

test('a price where there was none, money back, and thirds that leave no rest', async () => {
  const pool = await emptyBooks();
  for (const name of ['free', 'back', 'third', 'euro']) {
    await plantResource(pool, name, { name, tags: ['team:nlp'] });
  }
  const charges = [
    charge('free', '2026-09', '10', '0', { meter: 'free-hours' }),
    charge('free', '2026-10', '10', '0.7', { meter: 'free-hours' }),
    charge('back', '2026-09', '1', '-5'),
    charge('back', '2026-10', '2', '-5'),
    charge('third', '2026-09', '3', '0.333333333', { meter: 'third-hours' }),
    charge('third', '2026-10', '7', '0.333333333', { meter: 'third-hours' }),
    charge('euro', '2026-09', '3', '0.1', { currency: 'EUR' }),
    charge('euro', '2026-10', '3', '0.1', { currency: 'EUR' }),
  ];
  expect(await reasonsOf(pool, 'nlp', charges)).toEqual([
    'Price of Planted : 0.7 instead of 0 USD (Hours) free-hours +7.00',
    'back : 2 instead of 1 Hours server-hours -5.00',
    'third : 7 instead of 3 Hours third-hours +1.33',
  ]);
});
