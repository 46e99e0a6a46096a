/** `meterhouse migrate`: brings the warehouse to this version's schema. */
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { openWarehouse } from '../warehouse.ts';

export async function migrateCommand(context: Context): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openWarehouse(configuration.database);
  try {
    const { migrationsApplied, viewsInstalled, description } = warehouse;
    present(
      context,
      {
        database: description,
        migrations_applied: migrationsApplied,
        views_installed: viewsInstalled,
      },
      () => {
        const applied =
          migrationsApplied.length === 0
            ? 'no migration was missing'
            : `applied ${migrationsApplied.join(', ')}`;
        return `${description}: ${applied}; views ${viewsInstalled ? 'made anew' : 'as they were'}\n`;
      },
    );
  } finally {
    await warehouse.close();
  }
}
