/**
 * Views are not migrations: they are dropped and made again whenever their files differ from what is
 * installed.
 */
import { createHash } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import { DatabaseError } from '../foundation/errors.ts';

/** A relation made from a file: a view, in the order in which it must be made. */
export interface InstalledView {
  /** `staging.stg_…` */
  readonly name: string;
  readonly schema: string;
  /** The body: one select. */
  readonly select: string;
}

/**
 * Makes the views of `schemas` exactly `views`, in one transaction. Returns false when they are
 * so already, judged by a fingerprint kept with the migrations. `sources` is a fingerprint of the
 * files they come from, kept for who wants to know without reading them all.
 */
export async function installViews<Schema>(
  database: Kysely<Schema>,
  schemas: readonly string[],
  views: readonly InstalledView[],
  sources: string | null = null,
): Promise<boolean> {
  const fingerprint = createHash('sha256').update(JSON.stringify(views)).digest('hex');
  return database.transaction().execute(async (transaction) => {
    await sql`select from meterhouse.lock where name = 'views' for update`.execute(transaction);
    const { rows } = await sql<{
      fingerprint: string;
      sources: string | null;
    }>`select fingerprint, sources from meterhouse.view_fingerprint`.execute(transaction);
    const isInstalled = rows[0]?.fingerprint === fingerprint;
    if (isInstalled && rows[0]?.sources === sources) return false;
    if (!isInstalled) await replaceViews(transaction, schemas, views);
    await sql`delete from meterhouse.view_fingerprint`.execute(transaction);
    await sql`insert into meterhouse.view_fingerprint (fingerprint, sources)
      values (${fingerprint}, ${sources})`.execute(transaction);
    return !isInstalled;
  });
}

/** Drops the views of `schemas`; whoever opens the warehouse next makes them again. */
export async function dropViews<Schema>(
  transaction: Transaction<Schema>,
  schemas: readonly string[],
): Promise<void> {
  if (schemas.length === 0) return;
  await sql.raw(dropViewsStatement(schemas)).execute(transaction);
  await sql`delete from meterhouse.view_fingerprint`.execute(transaction);
}

async function replaceViews<Schema>(
  transaction: Transaction<Schema>,
  schemas: readonly string[],
  views: readonly InstalledView[],
): Promise<void> {
  await sql.raw(dropViewsStatement(schemas)).execute(transaction);
  for (const schema of schemas) {
    await sql`create schema if not exists ${sql.id(schema)}`.execute(transaction);
  }
  for (const view of views) await createView(transaction, view);
}

async function createView<Schema>(
  transaction: Transaction<Schema>,
  view: InstalledView,
): Promise<void> {
  try {
    await sql.raw(`create view ${view.name} as\n${view.select}`).execute(transaction);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseError(`the view ${view.name} cannot be made: ${reason}`, { cause });
  }
}

function dropViewsStatement(schemas: readonly string[]): string {
  const list = schemas.map((schema) => `'${schema}'`).join(', ');
  return `do $$
declare view_name text;
begin
  for view_name in
    select format('%I.%I', schemaname, viewname) from pg_views where schemaname in (${list})
  loop
    execute 'drop view if exists ' || view_name || ' cascade';
  end loop;
end $$`;
}
