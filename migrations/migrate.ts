/**
 * Brings a database to the newest schema: numbered SQL files, forward only, in one transaction that
 * holds a row lock, so that several processes may start at once (also through a pooler, which keeps
 * no session's locks). Names are kept in Kysely's table, where earlier versions wrote them.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Kysely, sql, type Transaction } from 'kysely';
import { DatabaseError } from '../foundation/errors.ts';
import { readSchemaState } from './schema-state.ts';
import { dropViews } from './views.ts';

export { type InstalledView, installViews } from './views.ts';

const MIGRATIONS_FOLDER = import.meta.dirname;
/** `before/NNNN_name.sql` runs just before that migration: it mends what earlier versions left. */
const BEFORE_FOLDER = path.join(MIGRATIONS_FOLDER, 'before');
const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;
const PREPARE_ATTEMPTS_MAX = 10;
/** Unique violation, duplicate schema, duplicate table, tuple concurrently updated. */
const MADE_BY_ANOTHER = ['23505', '42P06', '42P07', 'XX000'];

/** The names of the migrations, in order. Throws when two files share a number. */
export async function migrationNames(): Promise<string[]> {
  const files = (await readdir(MIGRATIONS_FOLDER)).filter((file) => FILE_NAME.test(file)).sort();
  const numbers = new Set(files.map((file) => file.slice(0, 4)));
  if (numbers.size !== files.length) throw new Error('two migrations share a number');
  return files.map((file) => file.slice(0, -'.sql'.length));
}

/**
 * Applies what is missing, whatever its number. Before the first of them the views of `viewSchemas`
 * are dropped, since a migration cannot change what a view reads: `installViews` makes them again.
 * Returns the names of the migrations applied now. Throws DatabaseError when one fails (the database
 * is then as it was before), and when a newer version of the program made the database.
 */
export async function migrateToLatest<Schema>(
  database: Kysely<Schema>,
  viewSchemas: readonly string[] = [],
): Promise<string[]> {
  return migrateTo(database, await migrationNames(), viewSchemas);
}

/** The same as far as these migrations: a backup of an earlier version is restored into its schema. */
export async function migrateTo<Schema>(
  database: Kysely<Schema>,
  names: readonly string[],
  viewSchemas: readonly string[] = [],
): Promise<string[]> {
  const state = await readSchemaState(database);
  if (state !== null && missing(names, state.migrations).length === 0) return [];
  await prepare(database);
  return database.transaction().execute(async (transaction) => {
    await sql`select from meterhouse.lock where name = 'migration' for update`.execute(transaction);
    const { rows } = await sql<{
      name: string;
    }>`select name from meterhouse.kysely_migration`.execute(transaction);
    const pending = missing(
      names,
      rows.map((row) => row.name),
    );
    if (pending.length > 0) await dropViews(transaction, viewSchemas);
    for (const name of pending) await apply(transaction, name);
    return pending;
  });
}

/** Those of `names` that were not applied. Throws when others were: the program is too old. */
function missing(names: readonly string[], applied: readonly string[]): string[] {
  const unknown = applied.filter((name) => !names.includes(name)).sort();
  if (unknown.length > 0) {
    throw new DatabaseError(
      `the database was made by a newer version of Meterhouse: it has the migration ${unknown.at(-1)}, and this version ends with ${names.at(-1)}; install that version or a newer one`,
    );
  }
  return names.filter((name) => !applied.includes(name));
}

async function apply<Schema>(transaction: Transaction<Schema>, name: string): Promise<void> {
  try {
    for (const folder of [BEFORE_FOLDER, MIGRATIONS_FOLDER]) {
      const text = await readFile(path.join(folder, `${name}.sql`), 'utf8').catch(
        (error: NodeJS.ErrnoException) => {
          if (folder === BEFORE_FOLDER && error.code === 'ENOENT') return null;
          throw error;
        },
      );
      if (text !== null) await sql.raw(text).execute(transaction);
    }
    await sql`insert into meterhouse.kysely_migration (name, "timestamp")
      values (${name}, ${new Date().toISOString()})`.execute(transaction);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseError(`migration ${name} failed: ${reason}; the database is unchanged`, {
      cause,
    });
  }
}

/** The tables that migrating itself needs. Two who make one at once: one is refused, and looks again. */
async function prepare<Schema>(database: Kysely<Schema>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sql
        .raw(
          `create schema if not exists meterhouse;
           create table if not exists meterhouse.kysely_migration (
             name varchar(255) primary key, "timestamp" varchar(255) not null
           );
           create table if not exists meterhouse.view_fingerprint (fingerprint text not null);
           alter table meterhouse.view_fingerprint add column if not exists sources text;
           create table if not exists meterhouse.lock (name text primary key);
           comment on table meterhouse.lock is
             'One row per thing that one process does at a time: it locks the row while it does.';
           insert into meterhouse.lock (name)
             values ('migration'), ('views'), ('transform'), ('budgets'), ('reports')
             on conflict do nothing`,
        )
        .execute(database);
      return;
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      if (MADE_BY_ANOTHER.includes(code) && attempt < PREPARE_ATTEMPTS_MAX) continue;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DatabaseError(
        `cannot prepare the database for migrating: ${reason}; its user needs the right to create schemas in it`,
        { cause },
      );
    }
  }
}
