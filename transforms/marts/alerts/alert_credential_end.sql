-- One row per account whose configuration says when its key ends. `value`: days until then, less than
-- zero when it is over. Providers tell no end of a key: accounts without a stated one have no row.
select
  credential_end.account_id,
  to_char(credential_end.ends_on, 'YYYY-MM-DD') as ends_on,
  credential_end.ends_on - (clock.clock_at at time zone 'UTC')::date as value
from landing.credential_end
cross join mart.rpt_clock as clock
where not exists (
  select from landing.account
  where account.account_id = credential_end.account_id and account.ends_at <= clock.clock_at
)
