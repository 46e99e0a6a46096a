-- The charges that were posted and that the facts no longer support: one row per charge key that is
-- neither posted nor accrued now, as it was posted last, with when and why it was withdrawn and which
-- statements contain its cost and its reversal.
select
  charge.account_id, charge.provider, charge.charge_key, charge.resource_id, charge.meter,
  to_char(charge.charge_period_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    as charge_period_start,
  to_char(charge.charge_period_end at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    as charge_period_end,
  trim_scale(charge.quantity) as quantity,
  charge.unit,
  trim_scale(charge.billed_cost::numeric) as billed_cost,
  charge.billing_currency,
  charge.run_id,
  to_char(charge.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as recorded_at,
  statement.of_charge as stated_in,
  reversal.run_id as withdrawn_run_id,
  to_char(reversal.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as withdrawn_at,
  reversal.reason as withdrawn_because,
  statement.of_reversal as taken_back_in
from mart.correction_entry as reversal
join ledger.charge on charge.charge_id = reversal.reverses_charge_id
join ledger.run on run.run_id = charge.run_id
cross join lateral (
  select
    array_agg(distinct to_char(greatest(day.month, run.books_open_from), 'YYYY-MM')) as of_charge,
    array_agg(distinct to_char(greatest(day.month, reversal.books_open_from), 'YYYY-MM'))
      as of_reversal
  from (
    select date_trunc('month', cost_date::timestamp)::date as month
    from ledger.days_of_charge(
      charge.day_rule, charge.charge_date, charge.charge_period_start, charge.charge_period_end
    )
  ) as day
) as statement
where reversal.account_id = any (:'accounts'::text[])
  and reversal.charge_key = any (:'charge_keys'::text[])
  and (reversal.account_id, reversal.charge_key) in (
    select * from unnest(:'accounts'::text[], :'charge_keys'::text[])
  )
  and reversal.entry = 'reversal'
  and not exists (
    select
    from ledger.charge as later
    where later.account_id = charge.account_id and later.charge_key = charge.charge_key
      and later.revision > charge.revision
  )
  and not exists (
    select
    from mart.accrual
    where accrual.account_id = charge.account_id and accrual.charge_key = charge.charge_key
  )
order by
  charge.account_id collate "C", charge.meter collate "C", charge.charge_period_start,
  charge.charge_key collate "C"
