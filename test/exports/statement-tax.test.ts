/**
 * Goal: where an issuer charges VAT, manifest and statement say so, and that amounts exclude it. Method: one
 * invoice of 10.00 EUR net and 2.10 EUR VAT, and a team that has no cost of its issuer.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import {
  allocateBy,
  createPlantedProduct,
  plant,
  plantResource,
  transformAt,
} from '../support/planted-product.ts';
import { testDatabase } from '../support/postgres.ts';
import { landInvoice } from './landed-invoice.ts';
import { chargeback } from './planted-books.ts';

test('the invoice and its VAT are on the statements of those who share it, and on no other', async () => {
  const database = await testDatabase();
  const { pool } = database;
  const folder = await temporaryFolder();
  allocateBy(null);
  await createPlantedProduct(pool);
  await plant(
    pool,
    ['vm', 'epoch'].map((resource) => ({
      key: `planted/${resource}`,
      resource,
      start: '2026-10-05T00:00:00Z',
      end: '2026-10-05T12:00:00Z',
      quantity: '1',
      price: '10',
      currency: 'EUR',
    })),
  );
  for (const [resource, team] of [
    ['vm', 'nlp'],
    ['epoch', 'web'],
  ] as const) {
    await plantResource(pool, resource, { name: resource, tags: [`team:${team}`] });
  }
  for (const table of ['charge', 'state']) {
    await pool.query(
      `update public.planted_${table} set provider = case resource_id when 'vm' then 'i3d-flexvm' else 'fluence' end`,
    );
  }
  await transformAt(pool, '2026-11-03T00:00:00Z', [
    { base: 'EUR', day: '2026-01-01', rate: '1.1' },
  ]);
  await landInvoice(database);
  await chargeback(pool, '2026-10', folder, ['html']);
  const pageOf = async (team: string): Promise<string> => {
    const name = (await readdir(folder)).find((file) => file.includes(`-team-${team}-`)) ?? '';
    return readFile(path.join(folder, name), 'utf8');
  };
  const { invoices } = JSON.parse(
    await readFile(path.join(folder, 'chargeback-2026-10-manifest.json'), 'utf8'),
  );
  expect(invoices).toMatchObject([{ net_amount: '10', tax_amount: '2.1', currency: 'EUR' }]);
  const nlp = await pageOf('nlp');
  expect(nlp).toContain('Amounts exclude VAT.');
  expect(nlp).toContain('<bdi>INV-7</bdi>');
  expect(nlp).toContain(
    'data-label="Net">10.00 EUR</td><td class="n" data-label="VAT">2.10 EUR</td>',
  );
  const web = await pageOf('web');
  expect(web).not.toContain('VAT');
  expect(web).not.toContain('INV-7');
});
