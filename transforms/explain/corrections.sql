-- Both sides of every correction of the charges: one row per run, charge, resource, reason and billing
-- currency, as mart.rpt_correction sums them. The old side is the entry that was reversed (none where
-- nothing was posted before), with the teams that the statements containing it charge; the new side is
-- what the run posted, with the teams of the statement that contains the correction.
with entry as (
  select *
  from mart.correction_entry
  where account_id = any (:'accounts'::text[]) and charge_key = any (:'charge_keys'::text[])
    and (account_id, charge_key) in (
      select * from unnest(:'accounts'::text[], :'charge_keys'::text[])
    )
),
change as (
  select
    recorded_at, run_id, books_open_from, account_id, charge_key, resource_id, charge_date, reason,
    billing_currency,
    max(reverses_charge_id) as old_charge_id,
    max(charge_id) filter (where entry = 'charge') as new_charge_id
  from entry
  group by
    recorded_at, run_id, books_open_from, account_id, charge_key, resource_id, charge_date, reason,
    billing_currency
),
stated as materialized (
  select
    account_id, resource_id, meter, billing_currency, cost_date, statement_month,
    team collate "C" as team
  from mart.rpt_cost_owned_daily
  where account_id = any (:'accounts'::text[]) and resource_id = any (:'resource_ids'::text[])
),
side as (
  select
    change.*,
    described.meter, described.unit, described.day_rule, described.charge_period_start,
    described.charge_period_end,
    old_run.run_id as old_run_id,
    old.recorded_at as old_recorded_at,
    old_run.books_open_from as old_books_open_from,
    coalesce(old.quantity, 0) as old_quantity,
    coalesce(old.billed_cost::numeric, 0) as old_cost,
    coalesce(new.quantity, 0) as new_quantity,
    coalesce(new.billed_cost::numeric, 0) as new_cost
  from change
  left join ledger.charge as old on old.charge_id = change.old_charge_id
  left join ledger.run as old_run on old_run.run_id = old.run_id
  left join ledger.charge as new on new.charge_id = change.new_charge_id
  join ledger.charge as described
    on described.charge_id = coalesce(change.old_charge_id, change.new_charge_id)
)
select
  account_id, charge_key, resource_id, meter, reason, run_id,
  to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as recorded_at,
  charge_date,
  to_char(
    greatest(date_trunc('month', charge_date::timestamp)::date, books_open_from), 'YYYY-MM'
  ) as statement_month,
  charge_date < books_open_from as is_of_closed_month,
  old_charge_id, old_run_id,
  to_char(old_recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as old_recorded_at,
  trim_scale(old_quantity) as old_quantity,
  trim_scale(old_cost) as old_cost,
  team.old_teams,
  new_charge_id,
  trim_scale(new_quantity) as new_quantity,
  unit,
  trim_scale(new_cost) as new_cost,
  team.new_teams,
  trim_scale(new_cost - old_cost) as difference,
  billing_currency
from side
cross join lateral (
  select
    coalesce(array_agg(distinct stated.team) filter (
      where side.old_charge_id is not null
        and stated.statement_month = greatest(day.month, side.old_books_open_from)
    ), '{}') as old_teams,
    coalesce(array_agg(distinct stated.team) filter (
      where stated.statement_month = greatest(day.month, side.books_open_from)
    ), '{}') as new_teams
  from (
    select cost_date, date_trunc('month', cost_date::timestamp)::date as month
    from ledger.days_of_charge(
      side.day_rule, side.charge_date, side.charge_period_start, side.charge_period_end
    )
  ) as day
  join stated
    on stated.account_id = side.account_id and stated.resource_id = side.resource_id
    and stated.meter = side.meter and stated.billing_currency = side.billing_currency
    and stated.cost_date = day.cost_date
) as team
order by
  run_id, account_id collate "C", charge_key collate "C", resource_id collate "C",
  reason collate "C", billing_currency collate "C"
