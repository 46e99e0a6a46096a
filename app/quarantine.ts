/** The records that failed their schema and wait until the provider, or the schema, is mended. */
import type pg from 'pg';

export interface QuarantinedRecord {
  readonly quarantine_id: string;
  readonly account_id: string;
  readonly stream: string;
  readonly entity: string;
  /** Empty where the stream is not cut. */
  readonly slice: string;
  /** Null when the fields of its key are what is broken. */
  readonly record_key: string | null;
  readonly reason: string;
  readonly first_seen_at: string;
  readonly last_seen_at: string;
  /** Null while it waits. */
  readonly released_at: string | null;
}

export interface QuarantineFilter {
  /** All accounts when none is named. */
  readonly accounts: readonly string[];
  /** All that wait when none is named. */
  readonly ids: readonly string[];
}

const COLUMNS = `quarantine_id::text, account_id, stream, entity, slice, record_key, reason,
  to_char(first_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as first_seen_at,
  to_char(last_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_seen_at,
  to_char(released_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as released_at`;

/** Those that wait, oldest first. */
export async function readWaiting(
  pool: pg.Pool,
  { accounts, ids }: QuarantineFilter,
): Promise<QuarantinedRecord[]> {
  const { rows } = await pool.query<QuarantinedRecord>(
    `select ${COLUMNS}
     from landing.quarantine
     where released_at is null
       and (cardinality($1::text[]) = 0 or account_id = any ($1))
       and (cardinality($2::bigint[]) = 0 or quarantine_id = any ($2))
     order by quarantine.first_seen_at, quarantine_id`,
    [accounts, ids],
  );
  return rows;
}

/** One record with its payload as JSON text, waiting or not; null for an id that there is not. */
export async function readQuarantined(
  pool: pg.Pool,
  id: string,
): Promise<(QuarantinedRecord & { readonly payload: string }) | null> {
  const { rows } = await pool.query<QuarantinedRecord & { readonly payload: string }>(
    `select ${COLUMNS}, jsonb_pretty(payload) as payload
     from landing.quarantine where quarantine_id = $1::bigint`,
    [id],
  );
  return rows[0] ?? null;
}
