-- One row per account, provider, UTC month (the running one and the one before), source, measure and
-- unit that proves our figures. `value`: by how much what nothing explains exceeds the tolerance;
-- zero or less while it does not. No row for a month that no check has looked at.
select
  account_id,
  provider,
  to_char(month, 'YYYY-MM') as month,
  source,
  measure,
  unit,
  unexplained - tolerance as value
from mart.rpt_reconciliation
where is_proof
  and month >= (
    select (date_trunc('month', clock_at, 'UTC') at time zone 'UTC')::date - interval '1 month'
    from mart.rpt_clock
  )
