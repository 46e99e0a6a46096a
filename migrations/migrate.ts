/**
 * Brings a database to the newest schema: numbered SQL files, forward only, through Kysely's
 * Migrator (which takes a lock, so that several processes may start at once). Views are not
 * migrations: they are dropped and made again whenever their files differ from what is installed.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Kysely, sql, type Transaction } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { DatabaseError } from '../foundation/errors.ts';

const MIGRATIONS_FOLDER = import.meta.dirname;
const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

/** A relation made from a file: a view, in the order in which it must be made. */
export interface InstalledView {
  /** `staging.stg_…` */
  readonly name: string;
  readonly schema: string;
  /** The body: one select. */
  readonly select: string;
}

/** The names of the migrations, in order. Throws when two files share a number. */
export async function migrationNames(): Promise<string[]> {
  const files = (await readdir(MIGRATIONS_FOLDER)).filter((file) => FILE_NAME.test(file)).sort();
  const numbers = new Set(files.map((file) => file.slice(0, 4)));
  if (numbers.size !== files.length) throw new Error('two migrations share a number');
  return files.map((file) => file.slice(0, -'.sql'.length));
}

/**
 * Applies what is missing. Returns the names of the migrations applied now.
 * Throws DatabaseError when one fails; the database is then as it was before the batch.
 */
export async function migrateToLatest<Schema>(database: Kysely<Schema>): Promise<string[]> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: readMigrations },
    migrationTableSchema: 'meterhouse',
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results?.find((result) => result.status === 'Error')?.migrationName;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatabaseError(
      `migration ${failed ?? ''} failed: ${reason}; the database is unchanged`.replace('  ', ' '),
      { cause: error },
    );
  }
  return (results ?? []).map((result) => result.migrationName);
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const migrations: Record<string, Migration> = {};
  for (const name of await migrationNames()) {
    const text = await readFile(path.join(MIGRATIONS_FOLDER, `${name}.sql`), 'utf8');
    migrations[name] = {
      up: async (transaction) => {
        await sql.raw(text).execute(transaction);
      },
    };
  }
  return migrations;
}

/** Serialises view installation between processes; an arbitrary constant of this project. */
const VIEW_LOCK = 7_120_001;

/**
 * Makes the views of `schemas` exactly `views`, in one transaction. Returns false when they are
 * so already, judged by a fingerprint kept with the migrations.
 */
export async function installViews<Schema>(
  database: Kysely<Schema>,
  schemas: readonly string[],
  views: readonly InstalledView[],
): Promise<boolean> {
  const fingerprint = createHash('sha256').update(JSON.stringify(views)).digest('hex');
  return database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${VIEW_LOCK})`.execute(transaction);
    await sql`create table if not exists meterhouse.view_fingerprint (fingerprint text not null)`.execute(
      transaction,
    );
    const { rows } = await sql<{
      fingerprint: string;
    }>`select fingerprint from meterhouse.view_fingerprint`.execute(transaction);
    if (rows[0]?.fingerprint === fingerprint) return false;
    await sql.raw(dropViewsStatement(schemas)).execute(transaction);
    for (const schema of schemas) {
      await sql`create schema if not exists ${sql.id(schema)}`.execute(transaction);
    }
    for (const view of views) {
      await createView(transaction, view);
    }
    await sql`delete from meterhouse.view_fingerprint`.execute(transaction);
    await sql`insert into meterhouse.view_fingerprint values (${fingerprint})`.execute(transaction);
    return true;
  });
}

async function createView<Schema>(
  transaction: Transaction<Schema>,
  view: InstalledView,
): Promise<void> {
  try {
    await sql.raw(`create view ${view.name} as\n${view.select}`).execute(transaction);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseError(`the view ${view.name} cannot be made: ${reason}`, { cause });
  }
}

function dropViewsStatement(schemas: readonly string[]): string {
  const list = schemas.map((schema) => `'${schema}'`).join(', ');
  return `do $$
declare view_name text;
begin
  for view_name in
    select format('%I.%I', schemaname, viewname) from pg_views where schemaname in (${list})
  loop
    execute 'drop view if exists ' || view_name || ' cascade';
  end loop;
end $$`;
}
