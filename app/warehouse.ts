/** A database that is ready for work: reachable, migrated, its views installed. */

import { PRODUCTS } from '../collectors/registry.ts';
import { installViews, migrateToLatest } from '../migrations/migrate.ts';
import { ensureReaderRole } from '../migrations/reader-role.ts';
import { type Manifest, readManifest, VIEW_SCHEMAS } from '../transforms/manifest.ts';
import { type Database, type DatabaseLocation, openDatabase } from './database.ts';

export interface Warehouse extends Database {
  readonly manifest: Manifest;
  /** Migrations applied by this opening. */
  readonly migrationsApplied: readonly string[];
  readonly viewsInstalled: boolean;
  /** What the reader's role lacks, in sentences; null when nothing changed and nobody looked. */
  readonly readerLacks: readonly string[] | null;
}

export async function openWarehouse(location: DatabaseLocation): Promise<Warehouse> {
  const database = await openDatabase(location);
  try {
    const migrationsApplied = await migrateToLatest(database.kysely, VIEW_SCHEMAS);
    const manifest = await readManifest(PRODUCTS);
    const viewsInstalled = await installViews(database.kysely, VIEW_SCHEMAS, manifest.views);
    const hasChanged = migrationsApplied.length > 0 || viewsInstalled;
    const readerLacks = hasChanged
      ? await ensureReaderRole(database.kysely, { ownsServer: location.kind === 'embedded' })
      : null;
    return { ...database, manifest, migrationsApplied, viewsInstalled, readerLacks };
  } catch (error) {
    await database.close();
    throw error;
  }
}
