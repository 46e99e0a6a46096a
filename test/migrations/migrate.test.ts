/**
 * Goal: any number of processes may start at once on any state of the database, and the schema is
 * what the reviewer's snapshot says. Method: real databases made empty.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { PRODUCTS } from '../../collectors/registry.ts';
import { describeSchema } from '../../migrations/describe-schema.ts';
import { installViews, migrateToLatest, migrationNames } from '../../migrations/migrate.ts';
import { generateTypes, SNAPSHOT_FILE, TYPES_FILE } from '../../migrations/write-snapshot.ts';
import { readManifest, VIEW_SCHEMAS } from '../../transforms/manifest.ts';
import { testDatabase } from '../support/postgres.ts';
import { connect, emptyDatabase } from './empty-database.ts';

test('ten processes that start at once on an empty database apply each migration once', async () => {
  const url = await emptyDatabase();
  const applied = await Promise.all(
    Array.from({ length: 10 }, async () => migrateToLatest(connect(url))),
  );
  expect(applied.flat().sort()).toEqual(await migrationNames());
});

test('a second run applies nothing, and views are made anew only when a file changed', async () => {
  const url = await emptyDatabase();
  const database = connect(url);
  await migrateToLatest(database);
  expect(await migrateToLatest(database)).toEqual([]);
  const { views } = await readManifest(PRODUCTS);
  expect(await installViews(database, VIEW_SCHEMAS, views)).toBe(true);
  expect(await installViews(database, VIEW_SCHEMAS, views)).toBe(false);
  const changed = views.map((view) => ({ ...view, select: `-- changed\n${view.select}` }));
  expect(await installViews(database, VIEW_SCHEMAS, changed)).toBe(true);
});

test('a failing migration leaves the database as it was, and says which one failed', async () => {
  const url = await emptyDatabase();
  const database = connect(url);
  await sql`create schema ledger`.execute(database); // in the way of 0003
  await expect(migrateToLatest(database)).rejects.toThrow(
    /migration 0003_create_ledger failed: .*; the database is unchanged/,
  );
  const { rows } = await sql<{ name: string }>`
    select nspname as name from pg_namespace where nspname = 'landing'`.execute(database);
  expect(rows).toEqual([]);
});

test('the schema is the committed snapshot (mend with: npm run db:snapshot)', async () => {
  const { kysely } = await testDatabase();
  expect(await describeSchema(kysely)).toBe(await readFile(SNAPSHOT_FILE, 'utf8'));
});

test('the table types are generated from the schema (mend with: npm run db:snapshot)', async () => {
  const url = await emptyDatabase();
  await migrateToLatest(connect(url));
  const folder = await mkdtemp(path.join(tmpdir(), 'meterhouse-types-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'types.ts');
  await generateTypes(url, file);
  const withoutSpace = (text: string): string => text.replaceAll(/[\s'";,]/g, '');
  expect(withoutSpace(await readFile(file, 'utf8'))).toBe(
    withoutSpace(await readFile(TYPES_FILE, 'utf8')),
  );
});
