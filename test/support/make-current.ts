/** Brings a test database to the current schema: migrations, views and the reader role. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { PRODUCTS } from '../../collectors/registry.ts';
import { installViews, migrateToLatest } from '../../migrations/migrate.ts';
import { ensureReaderRole } from '../../migrations/reader-role.ts';
import { readManifest, VIEW_SCHEMAS } from '../../transforms/manifest.ts';
import { PLANTED_PRODUCT } from './planted-product.ts';

/** The planted product is among its products. */
export async function makeCurrent(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url });
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  await migrateToLatest(kysely);
  const { views } = await readManifest([...PRODUCTS, PLANTED_PRODUCT]);
  await installViews(kysely, VIEW_SCHEMAS, views);
  await ensureReaderRole(kysely, { ownsServer: false });
  await kysely.destroy();
}
