/**
 * Goal: a database that any earlier commit of the main line made migrates, to the schema of one made
 * now, and keeps its rows. Method: `earlier/states.txt` has, per commit that changed a migration,
 * what differs from the commit before; `earlier/` holds the files that were edited since.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { PRODUCTS } from '../../collectors/registry.ts';
import { describeSchema } from '../../migrations/describe-schema.ts';
import { installViews, migrateToLatest, migrationNames } from '../../migrations/migrate.ts';
import { readManifest, VIEW_SCHEMAS } from '../../transforms/manifest.ts';
import { connect, emptyDatabase } from './empty-database.ts';

const EARLIER = path.join(import.meta.dirname, 'earlier');
const MIGRATIONS = path.resolve(import.meta.dirname, '../../migrations');

/** Per commit: the name of each migration it had, and the file with that wording. */
async function readStates(): Promise<[commit: string, files: Map<string, string>][]> {
  const states: [string, Map<string, string>][] = [];
  let files = new Map<string, string>();
  for (const line of (await readFile(path.join(EARLIER, 'states.txt'), 'utf8'))
    .trim()
    .split('\n')) {
    const [commit = '', ...changed] = line.split(' ');
    files = new Map(files);
    for (const wording of changed) {
      const name = wording.replace(/\.\d+$/, '');
      files.set(name, path.join(wording === name ? MIGRATIONS : EARLIER, `${wording}.sql`));
    }
    states.push([commit, files]);
  }
  return states;
}

/** Migrates as the program of that commit did. */
async function migrateAsThen(database: Kysely<unknown>, files: Map<string, string>): Promise<void> {
  await sql
    .raw(
      `create schema meterhouse;
       create table meterhouse.kysely_migration (
         name varchar(255) primary key, "timestamp" varchar(255) not null
       );
       create table meterhouse.kysely_migration_lock (
         id varchar(255) primary key, is_locked integer default 0 not null
       );
       create table meterhouse.view_fingerprint (fingerprint text not null)`,
    )
    .execute(database);
  for (const name of [...files.keys()].sort()) {
    await sql.raw(await readFile(files.get(name) ?? '', 'utf8')).execute(database);
    await sql`insert into meterhouse.kysely_migration values (${name}, now()::text)`.execute(
      database,
    );
  }
}

/** More than the reviewer's snapshot: functions with their bodies, and the schema `history`. */
async function describeAll(database: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ text: string }>`
    select pg_get_functiondef(proc.oid) as text
    from pg_proc as proc
    join pg_namespace as namespace on namespace.oid = proc.pronamespace
    where nspname in ('landing', 'reference', 'ledger', 'mart', 'notify')
    union all
    select format('%s %s %s %s', attrelid::regclass, attnum, attname, atttypid::regtype)
    from pg_attribute
    join pg_class as class on class.oid = attrelid
    where relnamespace = 'history'::regnamespace and attnum > 0 and not attisdropped
    order by text`.execute(database);
  return [await describeSchema(database), ...rows.map((row) => row.text)].join('\n');
}

const STATES = await readStates();
let today: Promise<string> | undefined;

/** The schema of a database made now; made once. */
async function schemaOfToday(): Promise<string> {
  const fresh = connect(await emptyDatabase());
  await migrateToLatest(fresh);
  return describeAll(fresh);
}

test.each(STATES)('a database made by %s migrates to the schema of today', async (_, files) => {
  today ??= schemaOfToday();
  const schema = await today;
  const database = connect(await emptyDatabase());
  await migrateAsThen(database, files);
  const expected = (await migrationNames()).filter((name) => !files.has(name));
  expect(await migrateToLatest(database)).toEqual(expected);
  expect(await describeAll(database)).toBe(schema);
});

test('rows of tables that are made anew are kept: quarantine and closed months', async () => {
  const [, first] = STATES.find(([commit]) => commit === '9730c6e') ?? [];
  const quarantining = connect(await emptyDatabase());
  await migrateAsThen(quarantining, first ?? new Map());
  await sql`insert into landing.quarantine (
      account_id, stream, entity, slice, content_hash, payload, reason, first_seen_at, last_seen_at
    ) values ('a', 's', 'e', '', '\\x01', '{"id": 1}', 'odd', now(), now())`.execute(quarantining);
  await migrateToLatest(quarantining);
  const kept =
    await sql`select account_id, record_key, payload, reason from landing.quarantine`.execute(
      quarantining,
    );
  expect(kept.rows).toEqual([
    { account_id: 'a', record_key: null, payload: { id: 1 }, reason: 'odd' },
  ]);

  const [, closing] = STATES.find(([commit]) => commit === '74bac21') ?? [];
  const closed = connect(await emptyDatabase());
  await migrateAsThen(closed, closing ?? new Map());
  await sql
    .raw(
      `insert into ledger.closed_month values ('2026-09-01', now(), null, 'USD', false, '[]');
       insert into ledger.closed_cost (
         statement_month, account_id, resource_id, meter, cost_date, billing_currency, provider,
         team, quantity, usage_hours, gpu_hours, list_cost, contracted_cost, billed_cost,
         effective_cost, reporting_cost, accrued_cost, estimated_cost, uncertainty
       ) values ('2026-09-01', 'a', 'r', 'compute', '2026-09-03', 'EUR', 'p', 'nlp', 1, 1, 0, 2, 2,
         2.5, 2, 2, 0, 0, 0)`,
    )
    .execute(closed);
  await migrateToLatest(closed);
  const { rows } = await sql`
    select team, billed_cost, dimensions, allocation_rule, is_share from ledger.closed_cost`.execute(
    closed,
  );
  expect(rows).toEqual([
    {
      team: 'nlp',
      billed_cost: '2.500000000',
      dimensions: {},
      allocation_rule: 'tag',
      is_share: false,
    },
  ]);
});

test('a migration may change what installed views read: they are dropped before and made after', async () => {
  const database = connect(await emptyDatabase());
  await migrateToLatest(database, VIEW_SCHEMAS);
  const { views } = await readManifest(PRODUCTS);
  await installViews(database, VIEW_SCHEMAS, views);
  // As if one of the middle, which does nothing, were yet to come.
  const missing = '0050_create_reader_role';
  await sql`delete from meterhouse.kysely_migration where name = ${missing}`.execute(database);
  expect(await migrateToLatest(database, VIEW_SCHEMAS)).toEqual([missing]);
  const { rows } = await sql`
    select viewname from pg_views where schemaname = any (${[...VIEW_SCHEMAS]})`.execute(database);
  expect(rows).toEqual([]);
  expect(await installViews(database, VIEW_SCHEMAS, views)).toBe(true);
});

test('a database of a newer program is refused, with what to do', async () => {
  const database = connect(await emptyDatabase());
  await migrateToLatest(database);
  await sql`insert into meterhouse.kysely_migration values ('9999_from_the_future', 'x')`.execute(
    database,
  );
  await expect(migrateToLatest(database)).rejects.toThrow(
    /^the database was made by a newer version of Meterhouse: it has the migration 9999_from_the_future, and this version ends with \d{4}_\w+; install that version or a newer one$/,
  );
});
