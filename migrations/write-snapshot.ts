/** `npm run db:snapshot`: rewrites schema.snapshot.sql and schema.types.ts from the migrations, and appends new ones to the list of them. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { startEmbeddedServer } from '../app/postgres/embedded-server.ts';
import { commitMigrations } from './committed.ts';
import { describeSchema } from './describe-schema.ts';
import { migrateToLatest } from './migrate.ts';

const run = promisify(execFile);
const HERE = import.meta.dirname;
const CODEGEN = path.resolve(HERE, '../node_modules/kysely-codegen/dist/cli/bin.js');

export const SNAPSHOT_FILE = path.join(HERE, 'schema.snapshot.sql');
export const TYPES_FILE = path.join(HERE, 'schema.types.ts');

/** Table types of a migrated database, as kysely-codegen writes them. */
export async function generateTypes(url: string, file: string): Promise<void> {
  await run(process.execPath, [
    CODEGEN,
    '--dialect=postgres',
    `--url=${url}`,
    `--out-file=${file}`,
    '--numeric-parser=string',
    '--date-parser=string',
    '--include-pattern={landing,reference,ledger,mart}.*',
    '--no-domains',
  ]);
}

async function writeSnapshot(): Promise<void> {
  await commitMigrations();
  const folder = await mkdtemp(path.join(tmpdir(), 'meterhouse-snapshot-'));
  const server = await startEmbeddedServer({ folder, isDurable: false });
  const pool = new pg.Pool({ connectionString: server.url('postgres') });
  const database = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrateToLatest(database);
    await writeFile(SNAPSHOT_FILE, await describeSchema(database));
    await generateTypes(server.url('postgres'), TYPES_FILE);
    process.stdout.write(
      `${SNAPSHOT_FILE}\n${TYPES_FILE}: ${(await readFile(TYPES_FILE)).length} bytes\n`,
    );
  } finally {
    await database.destroy();
    await server.release();
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) await writeSnapshot();
