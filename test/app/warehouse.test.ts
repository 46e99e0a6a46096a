/**
 * Goal: opening a warehouse does what is missing and nothing else. Method: what the database says of
 * its own schema is changed between two openings.
 */
import { expect, test } from 'vitest';
import { openReady } from '../../app/warehouse.ts';
import { administer } from '../support/odd-database.ts';
import { testDatabase } from '../support/postgres.ts';

async function reopened(url: string) {
  const { close, migrationsApplied, viewsInstalled, readerLacks } = await openReady({
    kind: 'url',
    url,
  });
  await close();
  return { migrationsApplied, viewsInstalled, hasLookedAtReader: readerLacks !== null };
}

const NOTHING = { migrationsApplied: [], viewsInstalled: false, hasLookedAtReader: false };

test('a second opening has nothing to do, and views are made again when they are others', async () => {
  const { url } = await testDatabase();
  await reopened(url);
  expect(await reopened(url)).toEqual(NOTHING);
  await administer(url, `update meterhouse.view_fingerprint set fingerprint = 'x', sources = 'x'`);
  expect(await reopened(url)).toEqual({
    ...NOTHING,
    viewsInstalled: true,
    hasLookedAtReader: true,
  });
  expect(await reopened(url)).toEqual(NOTHING);
});

test('files that changed without changing a view are noted, and no view is made again', async () => {
  const { url } = await testDatabase();
  await reopened(url);
  const read = () =>
    administer(url, 'select fingerprint, sources from meterhouse.view_fingerprint');
  const before = await read();
  await administer(url, `update meterhouse.view_fingerprint set sources = 'of another version'`);
  expect(await reopened(url)).toEqual(NOTHING);
  expect(await read()).toEqual(before);
});

test('a migration that is missing is applied, and the views are made after it', async () => {
  const { url } = await testDatabase();
  await reopened(url);
  await administer(
    url,
    `delete from meterhouse.kysely_migration where name = '0050_create_reader_role'`,
  );
  expect(await reopened(url)).toEqual({
    migrationsApplied: ['0050_create_reader_role'],
    viewsInstalled: true,
    hasLookedAtReader: true,
  });
});

test('a database that was restored without privileges lets the reader in again', async () => {
  const { url, pool } = await testDatabase();
  await reopened(url);
  await administer(url, 'revoke all on schema mart from meterhouse_reader');
  await administer(url, 'revoke all on all tables in schema mart from meterhouse_reader');
  expect(await reopened(url)).toEqual({ ...NOTHING, hasLookedAtReader: true });
  const { rows } = await pool.query(
    `select has_schema_privilege('meterhouse_reader', 'mart', 'usage')
       and has_table_privilege('meterhouse_reader', 'mart.fct_cost_daily', 'select') as reads`,
  );
  expect(rows).toEqual([{ reads: true }]);
});
