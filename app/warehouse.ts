/** A database that is ready for work: reachable, migrated, its views installed. */
import { installViews, migrateToLatest, migrationNames } from '../migrations/migrate.ts';
import { ensureReaderRole } from '../migrations/reader-role.ts';
import { readSchemaState } from '../migrations/schema-state.ts';
import type { Manifest } from '../transforms/manifest.ts';
import { type Database, type DatabaseLocation, openDatabase } from './database.ts';
import { viewSourcesFingerprint } from './view-sources.ts';

/** What has to be done to a database before it could be used; nothing, most of the time. */
interface Preparation {
  /** Migrations applied by this opening. */
  readonly migrationsApplied: readonly string[];
  readonly viewsInstalled: boolean;
  /** What the reader's role lacks, in sentences; null when nothing changed and nobody looked. */
  readonly readerLacks: readonly string[] | null;
}

/** For who only reads. */
export interface ReadyDatabase extends Database, Preparation {}

/** For who transforms as well. */
export interface Warehouse extends ReadyDatabase {
  readonly manifest: Manifest;
}

export async function openWarehouse(location: DatabaseLocation): Promise<Warehouse> {
  const ready = await openReady(location);
  try {
    return { ...ready, manifest: await manifestOfProducts() };
  } catch (error) {
    await ready.close();
    throw error;
  }
}

/** The same without the manifest: it costs one query where nothing is missing. */
export async function openReady(location: DatabaseLocation): Promise<ReadyDatabase> {
  const database = await openDatabase(location);
  try {
    const ownsServer = location.kind === 'embedded';
    return { ...database, ...(await prepare(database, ownsServer)) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function prepare({ kysely }: Database, ownsServer: boolean): Promise<Preparation> {
  const sources = viewSourcesFingerprint();
  const state = await readSchemaState(kysely);
  const names = await migrationNames();
  const isMigrated = state?.migrations.toSorted().join() === names.join();
  if (isMigrated && state?.sourcesFingerprint === sources && state.canReaderRead) {
    return { migrationsApplied: [], viewsInstalled: false, readerLacks: null };
  }
  const { VIEW_SCHEMAS } = await import('../transforms/manifest.ts');
  const migrationsApplied = await migrateToLatest(kysely, VIEW_SCHEMAS);
  const { views } = await manifestOfProducts();
  const viewsInstalled = await installViews(kysely, VIEW_SCHEMAS, views, sources);
  const hasChanged =
    migrationsApplied.length > 0 || viewsInstalled || state?.canReaderRead !== true;
  const readerLacks = hasChanged ? await ensureReaderRole(kysely, { ownsServer }) : null;
  return { migrationsApplied, viewsInstalled, readerLacks };
}

async function manifestOfProducts(): Promise<Manifest> {
  const { PRODUCTS } = await import('../collectors/registry.ts');
  const { readManifest } = await import('../transforms/manifest.ts');
  return readManifest(PRODUCTS);
}
