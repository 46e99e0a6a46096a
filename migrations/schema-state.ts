/** What a database says of its own schema, in one query: all that is read when nothing is missing. */
import { type Kysely, sql } from 'kysely';

export interface SchemaState {
  /** Names of the migrations that were applied, in no order. */
  readonly migrations: readonly string[];
  /** Of the views as installed; null when there are none. */
  readonly viewFingerprint: string | null;
  /** Of the files that the views were made from; null when unknown. */
  readonly sourcesFingerprint: string | null;
  /** Whether the reader's role may read the marts: not after a restore without privileges. */
  readonly canReaderRead: boolean;
}

/** Undefined table, schema or column: made by nobody, or by a version that had less of it. */
const NOT_THERE = ['42P01', '3F000', '42703'];

/** Null when the database was never migrated, or by an earlier version only. */
export async function readSchemaState<Schema>(
  database: Kysely<Schema>,
): Promise<SchemaState | null> {
  try {
    const { rows } = await sql<{
      migrations: string[];
      fingerprint: string | null;
      sources: string | null;
      can_reader_read: boolean;
    }>`
      select
        array(select name::text from meterhouse.kysely_migration) as migrations,
        (select min(fingerprint) from meterhouse.view_fingerprint) as fingerprint,
        (select min(sources) from meterhouse.view_fingerprint) as sources,
        exists (
          select from pg_roles
          where rolname = 'meterhouse_reader' and has_schema_privilege(oid, 'mart', 'usage')
        ) as can_reader_read,
        (select count(*) from meterhouse.lock) as locks`.execute(database);
    const row = rows[0];
    if (row === undefined) return null;
    return {
      migrations: row.migrations,
      viewFingerprint: row.fingerprint,
      sourcesFingerprint: row.sources,
      canReaderRead: row.can_reader_read,
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOT_THERE.includes(String(error.code))) {
      return null;
    }
    throw error;
  }
}
