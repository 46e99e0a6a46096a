/** `meterhouse migrate`: brings the warehouse to this version's schema. */
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { letReaderLogIn } from '../reader-login.ts';
import { openWarehouse } from '../warehouse.ts';

export async function migrateCommand(context: Context): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openWarehouse(configuration.database);
  try {
    const { readerPassword } = configuration;
    if (readerPassword !== null) await letReaderLogIn(warehouse.pool, readerPassword);
    const { migrationsApplied, viewsInstalled, description } = warehouse;
    present(
      context,
      {
        database: description,
        migrations_applied: migrationsApplied,
        views_installed: viewsInstalled,
        reader_password_set: readerPassword !== null,
      },
      () => {
        const applied =
          migrationsApplied.length === 0
            ? 'no migration was missing'
            : `applied ${migrationsApplied.join(', ')}`;
        const reader = readerPassword === null ? '' : '; the reader\u2019s password is set';
        return `${description}: ${applied}; views ${viewsInstalled ? 'made anew' : 'as they were'}${reader}\n`;
      },
    );
  } finally {
    await warehouse.close();
  }
}
