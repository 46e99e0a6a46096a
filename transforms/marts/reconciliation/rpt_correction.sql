-- One row per run, resource, UTC month of the charged days, reason and currency: what the run changed
-- of what had been entered before (reversals and re-entries), or added to a month that was closed by
-- then. Amounts are the sums before and after, in the billing and in the reporting currency: 0 where
-- nothing was owed, or is owed any more. `is_of_closed_month`: it is stated in a later month.
with reversal as not materialized (
  select
    charge.recorded_at, charge.run_id, run.books_open_from,
    charge.account_id, charge.provider, charge.resource_id, charge.charge_date, charge.entry,
    charge.billing_currency, charge.billed_cost, charge.reporting_currency, charge.reporting_cost,
    case
      -- A price with another first day, say, makes other charges of the same day.
      when charge.reason = 'withdrawn: the facts no longer support it' and exists (
        select from ledger.charge as instead
        where instead.account_id = charge.account_id and instead.resource_id = charge.resource_id
          and instead.charge_date = charge.charge_date and instead.run_id = charge.run_id
          and instead.reason = 'first entry' and instead.revision = 1
      ) then 'replaced by other charges'
      else charge.reason
    end as reason
  from ledger.charge
  join ledger.run using (run_id)
  where charge.reverses_charge_id is not null
),
replaced_day as (
  select distinct
    recorded_at, run_id, books_open_from, account_id, resource_id, charge_date, reason
  from reversal
  where reason = 'replaced by other charges'
),
entered_instead as (
  select
    day.recorded_at, day.run_id, day.books_open_from,
    charge.account_id, charge.provider, charge.resource_id, charge.charge_date, charge.entry,
    charge.billing_currency, charge.billed_cost, charge.reporting_currency, charge.reporting_cost,
    day.reason
  from replaced_day as day
  join ledger.charge
    on charge.account_id = day.account_id and charge.resource_id = day.resource_id
    and charge.charge_date = day.charge_date and charge.run_id = day.run_id
    and charge.reason = 'first entry' and charge.revision = 1
),
entered_again as (
  select
    charge.recorded_at, charge.run_id, run.books_open_from,
    charge.account_id, charge.provider, charge.resource_id, charge.charge_date, charge.entry,
    charge.billing_currency, charge.billed_cost, charge.reporting_currency, charge.reporting_cost,
    case when charge.reason = 'first entry' then 'entered again' else charge.reason end as reason
  from ledger.charge
  join ledger.run using (run_id)
  where charge.reverses_charge_id is null and charge.revision > 1
),
entered_late as (
  select
    run.clock_at as recorded_at, run.run_id, run.books_open_from,
    late.account_id, late.provider, late.resource_id, late.charge_date, late.entry,
    late.billing_currency, late.billed_cost, late.reporting_currency, late.reporting_cost,
    'learnt after the close' as reason
  from ledger.run
  -- Run by run, as the index `charge_late` has it: of most runs it is nothing.
  cross join lateral (
    select *
    from ledger.charge
    where charge.recorded_at = run.clock_at and charge.charge_date < run.books_open_from
      and charge.charge_date < date_trunc('month', charge.recorded_at at time zone 'UTC')
      and charge.run_id = run.run_id and charge.revision = 1 and charge.reverses_charge_id is null
    offset 0
  ) as late
  left join lateral (
    select true as is_there
    from ledger.charge as gone
    where gone.account_id = late.account_id and gone.resource_id = late.resource_id
      and gone.charge_date = late.charge_date and gone.run_id = late.run_id
      and gone.reason = 'withdrawn: the facts no longer support it'
    limit 1
  ) as withdrawal on true
  where withdrawal.is_there is null
),
entry as (
  select * from reversal
  union all
  select * from entered_instead
  union all
  select * from entered_again
  union all
  select * from entered_late
),
change as (
  select
    recorded_at, run_id, account_id, provider, resource_id,
    date_trunc('month', charge_date::timestamp)::date as charge_month,
    reason, billing_currency, reporting_currency,
    max(books_open_from) as books_open_from,
    min(charge_date) as first_date,
    max(charge_date) as last_date,
    greatest(
      count(*) filter (where entry = 'reversal'), count(*) filter (where entry = 'charge')
    ) as charges,
    coalesce(-sum(billed_cost) filter (where entry = 'reversal'), 0) as old_cost,
    coalesce(sum(billed_cost) filter (where entry = 'charge'), 0) as new_cost,
    -- Without an exchange rate the amount is not known, and neither is the sum.
    case
      when count(*) filter (where entry = 'reversal' and reporting_cost is null) = 0
        then coalesce(-sum(reporting_cost) filter (where entry = 'reversal'), 0)
    end as old_reporting_cost,
    case
      when count(*) filter (where entry = 'charge' and reporting_cost is null) = 0
        then coalesce(sum(reporting_cost) filter (where entry = 'charge'), 0)
    end as new_reporting_cost
  from entry
  group by
    recorded_at, run_id, account_id, provider, resource_id, charge_month, reason,
    billing_currency, reporting_currency
)
select
  change.recorded_at, change.run_id,
  change.account_id, change.provider, change.resource_id,
  coalesce(resource.name, change.resource_id) as resource_name,
  coalesce(owned.team, '(no team)') as team,
  change.reason,
  change.charge_month, change.first_date, change.last_date, change.charges,
  greatest(change.charge_month, change.books_open_from) as statement_month,
  change.charge_month < change.books_open_from as is_of_closed_month,
  change.billing_currency, change.old_cost, change.new_cost,
  change.new_cost - change.old_cost as difference,
  change.reporting_currency, change.old_reporting_cost, change.new_reporting_cost,
  change.new_reporting_cost - change.old_reporting_cost as reporting_difference
from change
left join mart.dim_resource as resource
  on resource.account_id = change.account_id and resource.resource_id = change.resource_id
  and resource.valid_to is null
left join mart.resource_ownership as owned
  on owned.account_id = change.account_id and owned.resource_id = change.resource_id
  and owned.to_date = 'infinity'
