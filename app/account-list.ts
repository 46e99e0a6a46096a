/** What the warehouse knows of each account that was ever configured. */
import type pg from 'pg';

export type AccountState = 'active' | 'new' | 'refused' | 'left' | 'retired' | 'renamed';

export interface AccountRow {
  readonly account_id: string;
  readonly provider: string | null;
  readonly state: AccountState;
  readonly last_sync_at: string | null;
  /** The provider's own identities of the customer; null while none is reported. */
  readonly customer: string | null;
  /** What to do, or since when; null for an active account. */
  readonly detail: string | null;
}

/** In the order in which they were configured first. `configured`: the ids of the configuration. */
export async function readAccounts(
  pool: pg.Pool,
  configured: readonly string[],
): Promise<AccountRow[]> {
  const { rows } = await pool.query<AccountRow>(
    `with known as (
       select account.*,
         case
           when renamed_to is not null then 'renamed'
           when retired_at is not null then 'retired'
           when refused_because is not null then 'refused'
           when not account_id = any($1) then 'left'
           when admitted_at is null then 'new'
           else 'active'
         end as state,
         (select max(complete_at) from landing.watermark
          where watermark.account_id = account.account_id) as last_sync_at
       from landing.account
     )
     select account_id, provider, state,
       to_char(last_sync_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_sync_at,
       (select string_agg(kind || ' ' || identity, ', ' order by kind collate "C", identity collate "C")
        from landing.account_identity as held
        where held.account_id = known.account_id and held.kind <> 'key' and held.seen_to is null)
         as customer,
       case state
         when 'renamed' then 'to ' || renamed_to
         when 'retired' then 'at ' || to_char(retired_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
         when 'refused' then refused_because
         when 'left' then format(
           'account %s is not in the configuration and is not charged after its last sync: run \`meterhouse account retire %s --at INSTANT\`, \`meterhouse account rename %s NEW\`, or configure it again',
           account_id, account_id, account_id)
       end as detail
     from known
     where not (state = 'left' and admitted_at is null)
     order by account_number`,
    [configured],
  );
  return rows;
}
