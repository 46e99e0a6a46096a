/** `meterhouse backup` and `meterhouse restore`: the warehouse as files, and back into any server. */
import { backUp, restore } from '../../migrations/backup.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { openDatabase } from '../database.ts';
import { openReady } from '../warehouse.ts';

export async function backupCommand(context: Context, folder: string): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const database = await openDatabase(configuration.database);
  try {
    const { tables, postgresql } = await backUp(database.pool, folder);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    present(
      context,
      { folder, postgresql, tables: tables.length, rows },
      () => `${folder}: ${rows} rows of ${tables.length} tables from PostgreSQL ${postgresql}\n`,
    );
  } finally {
    await database.close();
  }
}

/** Into the configured database, which must be empty; then brings it to this version. */
export async function restoreCommand(context: Context, folder: string): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const database = await openDatabase(configuration.database);
  try {
    const { tables } = await restore(database.pool, database.kysely, folder);
    const warehouse = await openReady(configuration.database);
    await warehouse.close();
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const { migrationsApplied, readerLacks, description } = warehouse;
    present(
      context,
      {
        database: description,
        tables: tables.length,
        rows,
        migrations_applied: migrationsApplied,
        reader_lacks: readerLacks,
      },
      () =>
        [
          `${description}: restored ${rows} rows of ${tables.length} tables\n`,
          ...(readerLacks ?? []).map((sentence) => `note: ${sentence}\n`),
          'run migrate to let the reader log in, then check\n',
        ].join(''),
    );
  } finally {
    await database.close();
  }
}
