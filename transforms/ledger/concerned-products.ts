/** Which products a step has to ask: planning the SQL of those that nobody rents is most of a small run. */
import type pg from 'pg';
import type { ProductQueries } from '../manifest.ts';

/** Those that read one of the entities in `taken_change`. */
export async function productsOfChanges(
  connection: pg.ClientBase,
  products: readonly ProductQueries[],
): Promise<ProductQueries[]> {
  return reading(
    products,
    await connection.query<{ source: string }>(
      `select distinct split_part(entity, '.', 1) as source from taken_change`,
    ),
  );
}

/**
 * Those of which a complete answer ever landed for an account in `table`. Another product's queries
 * read nothing and give nothing: what the ledger still holds of it is reversed.
 */
export async function productsOfAccounts(
  connection: pg.ClientBase,
  products: readonly ProductQueries[],
  table: 'changed_resource' | 'scope' | 'landing.watermark',
): Promise<ProductQueries[]> {
  return reading(
    products,
    await connection.query<{ source: string }>(
      `select distinct split_part(stream, '.', 1) as source
       from landing.watermark
       where account_id in (select account_id from ${table})`,
    ),
  );
}

function reading(
  products: readonly ProductQueries[],
  { rows }: pg.QueryResult<{ source: string }>,
): ProductQueries[] {
  return products.filter(
    ({ sources }) => sources.size === 0 || rows.some(({ source }) => sources.has(source)),
  );
}
