/**
 * A warehouse as files that any version of PostgreSQL from 15 on takes back: one COPY text per table,
 * compressed, beside a manifest. Views and roles are not in it: they are made from this program.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Kysely } from 'kysely';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { DatabaseError, UsageError } from '../foundation/errors.ts';
import { migrateTo, migrationNames } from './migrate.ts';

const MANIFEST = 'manifest.json';
const FORMAT = 'meterhouse-backup-1';
const SCHEMAS = ['landing', 'reference', 'ledger', 'mart', 'history', 'notify'];

export interface BackupTable {
  /** `schema.table` */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: number;
}

export interface BackupManifest {
  readonly format: typeof FORMAT;
  /** Server version that it was taken from. */
  readonly postgresql: string;
  readonly migrations: readonly string[];
  /** In an order in which references are kept. */
  readonly tables: readonly BackupTable[];
  readonly sequences: readonly { readonly name: string; readonly last: string }[];
}

/** Writes all tables as one snapshot. The manifest comes last: without it there is no backup. */
export async function backUp(pool: pg.Pool, folder: string): Promise<BackupManifest> {
  await mkdir(folder, { recursive: true });
  const connection = await pool.connect();
  let isDone = false;
  try {
    await connection.query('begin isolation level repeatable read read only');
    const tables: BackupTable[] = [];
    for (const { name, columns } of await readTables(connection)) {
      const copy = connection.query(copyTo(`copy ${name} (${columns.join(', ')}) to stdout`));
      await pipeline(copy, createGzip(), createWriteStream(fileOf(folder, name)));
      tables.push({ name, columns, rows: copy.rowCount });
    }
    const manifest: BackupManifest = {
      format: FORMAT,
      ...(await readOrigin(connection)),
      tables,
      sequences: await readSequences(connection),
    };
    await connection.query('commit');
    const draft = path.join(folder, `.${MANIFEST}.draft`);
    await writeFile(draft, `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(draft, path.join(folder, MANIFEST));
    isDone = true;
    return manifest;
  } finally {
    connection.release(!isDone);
  }
}

/**
 * Makes the backup's schema in an empty database and fills it, in one transaction. The schema is
 * then as old as the backup: opening the warehouse brings it to this version. Throws UsageError when the
 * folder holds no backup, when a newer version made it, or when the database is not empty.
 */
export async function restore<Schema>(
  pool: pg.Pool,
  database: Kysely<Schema>,
  folder: string,
): Promise<BackupManifest> {
  const manifest = await readBackup(folder);
  await assertEmpty(pool);
  await migrateTo(database, manifest.migrations);
  const connection = await pool.connect();
  let isDone = false;
  try {
    await connection.query('begin');
    for (const table of manifest.tables) await fill(connection, folder, table);
    for (const { name, last } of manifest.sequences) {
      await connection.query('select setval($1::regclass, $2::bigint)', [name, last]);
    }
    await connection.query('commit');
    isDone = true;
  } finally {
    connection.release(!isDone);
  }
  await pool.query('analyze');
  return manifest;
}

async function fill(connection: pg.PoolClient, folder: string, table: BackupTable): Promise<void> {
  const { name, columns, rows } = table;
  await connection.query(`delete from ${name}`); // what its migration put there is in the backup too
  const copy = connection.query(copyFrom(`copy ${name} (${columns.join(', ')}) from stdin`));
  await pipeline(createReadStream(fileOf(folder, name)), createGunzip(), copy);
  if (copy.rowCount !== rows) {
    throw new DatabaseError(
      `the backup says that ${name} has ${rows} rows, and its file has ${copy.rowCount}`,
    );
  }
}

async function readBackup(folder: string): Promise<BackupManifest> {
  const text = await readFile(path.join(folder, MANIFEST), 'utf8').catch(() => null);
  const manifest = text === null ? null : (JSON.parse(text) as BackupManifest);
  if (manifest?.format !== FORMAT) {
    throw new UsageError(`${folder} holds no backup: there is no ${MANIFEST} of one in it`);
  }
  const names = await migrationNames();
  const unknown = manifest.migrations.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(
      `the backup was made by a newer version of Meterhouse (it has the migration ${unknown.at(-1)}): install that version or a newer one`,
    );
  }
  return manifest;
}

async function assertEmpty(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ schema: string }>(
    'select nspname as schema from pg_namespace where nspname = any ($1)',
    [SCHEMAS],
  );
  if (rows[0] === undefined) return;
  throw new UsageError(
    `the database is not empty: it has a schema ${rows[0].schema}; restore into a new one`,
  );
}

/** Tables that hold rows of their own, those first that others refer to. */
async function readTables(
  connection: pg.ClientBase,
): Promise<{ name: string; columns: string[] }[]> {
  const { rows } = await connection.query<{
    name: string;
    columns: string[];
    refers_to: string[];
  }>(
    `select
       format('%I.%I', nspname, relname) as name,
       array(
         select quote_ident(attname) from pg_attribute
         where attrelid = class.oid and attnum > 0 and not attisdropped and attgenerated = ''
         order by attnum
       ) as columns,
       array(
         select format('%I.%I', other_namespace.nspname, other.relname)
         from pg_constraint
         join pg_class as other on other.oid = confrelid
         join pg_namespace as other_namespace on other_namespace.oid = other.relnamespace
         where conrelid = class.oid and contype = 'f' and confrelid <> class.oid
       ) as refers_to
     from pg_class as class
     join pg_namespace as namespace on namespace.oid = class.relnamespace
     where relkind in ('r', 'p') and not relispartition and nspname = any ($1)
     order by nspname collate "C", relname collate "C"`,
    [SCHEMAS],
  );
  const ordered: { name: string; columns: string[] }[] = [];
  let waiting = rows;
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ name }) => name));
    const ready = waiting.filter((row) => !row.refers_to.some((name) => names.has(name)));
    if (ready.length === 0) throw new DatabaseError('tables refer to each other in a circle');
    ordered.push(...ready.map(({ name, columns }) => ({ name, columns })));
    waiting = waiting.filter((row) => !ready.includes(row));
  }
  return ordered;
}

async function readSequences(connection: pg.ClientBase): Promise<{ name: string; last: string }[]> {
  const { rows } = await connection.query<{ name: string; last: string }>(
    `select format('%I.%I', schemaname, sequencename) as name, last_value::text as last
     from pg_sequences
     where schemaname = any ($1) and last_value is not null
     order by schemaname collate "C", sequencename collate "C"`,
    [SCHEMAS],
  );
  return rows;
}

async function readOrigin(
  connection: pg.ClientBase,
): Promise<Pick<BackupManifest, 'migrations' | 'postgresql'>> {
  const { rows } = await connection.query<{ postgresql: string; migrations: string[] }>(
    `select
       current_setting('server_version') as postgresql,
       array(select name::text from meterhouse.kysely_migration order by 1)
         as migrations`,
  );
  const { postgresql = '', migrations = [] } = rows[0] ?? {};
  return { postgresql, migrations };
}

function fileOf(folder: string, table: string): string {
  return path.join(folder, `${table}.copy.gz`);
}
