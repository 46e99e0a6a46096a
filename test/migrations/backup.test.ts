/**
 * Goal: a backup of a warehouse, restored to a new server, gives the same reports and goes on. Method:
 * the real command line; planted books; two embedded servers with clusters of their own.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedServer } from '../../app/postgres/embedded-server.ts';
import { openWarehouse } from '../../app/warehouse.ts';
import { PRODUCTS } from '../../collectors/registry.ts';
import { backUp } from '../../migrations/backup.ts';
import { installViews } from '../../migrations/migrate.ts';
import { readManifest, VIEW_SCHEMAS } from '../../transforms/manifest.ts';
import { chargeback, plantBooks } from '../exports/planted-books.ts';
import { cli, configurationFile, temporaryFolder } from '../support/cli.ts';
import { administer } from '../support/odd-database.ts';
import { PLANTED_PRODUCT } from '../support/planted-product.ts';
import { testDatabase } from '../support/postgres.ts';

const ACCOUNTS = [{ id: 'a', provider: 'fluence', credentials: { api_key: `\${KEY}` } }];
const ENVIRONMENT = { KEY: 'k' };

function configured(database: unknown): Promise<string> {
  return configurationFile({ database, reporting_currency: 'USD', accounts: ACCOUNTS });
}

/** The files of a month's chargeback, by name. */
async function reports(pool: pg.Pool, month: string): Promise<Record<string, string>> {
  const folder = await temporaryFolder();
  await chargeback(pool, month, folder);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.csv')).sort();
  const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')));
  return Object.fromEntries(files.map((name, index) => [name, texts[index] ?? '']));
}

test('a backup restored to a new server gives the same reports, and goes on', async () => {
  const source = await testDatabase();
  await plantBooks(source.pool, await temporaryFolder());
  const before = await reports(source.pool, '2026-10');
  const { rows: last } = await source.pool.query('select max(charge_id) as id from ledger.charge');
  const backup = await temporaryFolder();
  const taken = await cli(
    ['backup', backup, '--config', await configured({ url: source.url }), '--json'],
    ENVIRONMENT,
  );
  expect([taken.exitCode, taken.stderr]).toEqual([0, '']);

  const folder = await temporaryFolder();
  const config = await configured({ folder });
  const restored = await cli(['restore', backup, '--config', config, '--json'], ENVIRONMENT);
  expect([restored.exitCode, restored.stderr]).toEqual([0, '']);
  expect(JSON.parse(restored.stdout)).toMatchObject({
    rows: JSON.parse(taken.stdout).rows,
    migrations_applied: [],
    reader_lacks: [],
  });

  const target = await openWarehouse({ kind: 'embedded', folder, isDurable: false });
  onTestFinished(() => target.close());
  // The product of the planted books is declared by tests alone; journals name its issuer.
  const { views } = await readManifest([...PRODUCTS, PLANTED_PRODUCT]);
  await installViews(target.kysely, VIEW_SCHEMAS, views);
  expect(await reports(target.pool, '2026-10')).toEqual(before);
  const { rows: next } = await target.pool.query(
    `select nextval(pg_get_serial_sequence('ledger.charge', 'charge_id')) as id`,
  );
  expect(next[0].id).toBeGreaterThan(last[0].id);
  await expect(target.pool.query('delete from ledger.charge')).rejects.toThrow('append-only');

  const again = await cli(['restore', backup, '--config', config], ENVIRONMENT);
  expect([again.exitCode, again.stderr]).toEqual([
    2,
    expect.stringMatching(
      /^error: the database is not empty: it has a schema \w+; restore into a new/,
    ),
  ]);
});

test('it restores where the role of the readers is unknown and may not be made', async () => {
  const source = await testDatabase();
  const backup = await temporaryFolder();
  await backUp(source.pool, backup);
  const server = await startEmbeddedServer({ folder: await temporaryFolder(), isDurable: false });
  onTestFinished(() => server.release());
  await administer(server.url('postgres'), `create role owner login password 'p'`);
  await administer(server.url('postgres'), 'create database books owner owner');
  const url = new URL(server.url('books'));
  url.username = 'owner';
  url.password = 'p';
  const { exitCode, stdout, stderr } = await cli(
    ['restore', backup, '--config', await configured({ url: url.href }), '--json'],
    ENVIRONMENT,
  );
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout).reader_lacks).toEqual([
    expect.stringMatching(/^the role meterhouse_reader is missing and this user may not create it/),
  ]);
});

test('a folder without a backup is refused', async () => {
  const config = await configured({ folder: await temporaryFolder() });
  const nothing = await cli(['restore', await temporaryFolder(), '--config', config], ENVIRONMENT);
  expect([nothing.exitCode, nothing.stderr]).toEqual([
    2,
    expect.stringMatching(/holds no backup: there is no manifest.json of one in it/),
  ]);
});
