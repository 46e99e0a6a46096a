/** `meterhouse migrate`: brings the warehouse to this version's schema. */

import { ensureReaderRole } from '../../migrations/reader-role.ts';
import { readConfiguration } from '../config.ts';
import { type Context, present } from '../context.ts';
import { letReaderLogIn } from '../reader-login.ts';
import { openReady } from '../warehouse.ts';

export async function migrateCommand(context: Context): Promise<void> {
  const configuration = await readConfiguration(context.configFile, context.environment);
  const warehouse = await openReady(configuration.database);
  try {
    const { readerPassword } = configuration;
    const ownsServer = configuration.database.kind === 'embedded';
    const lacks =
      warehouse.readerLacks ?? (await ensureReaderRole(warehouse.kysely, { ownsServer }));
    if (readerPassword !== null) await letReaderLogIn(warehouse.pool, readerPassword);
    const { migrationsApplied, viewsInstalled, description } = warehouse;
    present(
      context,
      {
        database: description,
        migrations_applied: migrationsApplied,
        views_installed: viewsInstalled,
        reader_password_set: readerPassword !== null,
        reader_lacks: lacks,
      },
      () => {
        const applied =
          migrationsApplied.length === 0
            ? 'no migration was missing'
            : `applied ${migrationsApplied.join(', ')}`;
        const reader = readerPassword === null ? '' : '; the reader\u2019s password is set';
        const views = viewsInstalled ? 'made anew' : 'as they were';
        const notes = lacks.map((sentence) => `note: ${sentence}\n`).join('');
        return `${description}: ${applied}; views ${views}${reader}\n${notes}`;
      },
    );
  } finally {
    await warehouse.close();
  }
}
