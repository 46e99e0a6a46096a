/** Notes in the warehouse when an account's key ends, so that an alert can tell in time. */
import type pg from 'pg';

/** `endsOn`: the UTC day `YYYY-MM-DD` of the configuration; null: none is stated (any more). */
export async function noteCredentialEnd(
  pool: pg.Pool | pg.ClientBase,
  accountId: string,
  endsOn: string | null,
): Promise<void> {
  if (endsOn === null) {
    await pool.query('delete from landing.credential_end where account_id = $1', [accountId]);
    return;
  }
  await pool.query(
    `insert into landing.credential_end as held (account_id, ends_on) values ($1, $2)
     on conflict (account_id) do update set ends_on = excluded.ends_on
     where held.ends_on <> excluded.ends_on`,
    [accountId, endsOn],
  );
}
