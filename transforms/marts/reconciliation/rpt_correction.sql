-- One row per run, resource, UTC month of the charged days, reason and currency: what the run changed
-- of what had been posted before (reversals and what replaced them), or added to a month that was closed by
-- then. Amounts are the sums before and after, in the billing and in the reporting currency: 0 where
-- nothing was owed, or is owed any more. `is_of_closed_month`: it is stated in a later month. `team`: whom
-- the statements closed since charge for those days, else whose the resource was on them; several by name.
with change as (
  select
    recorded_at, run_id, account_id, provider, resource_id,
    date_trunc('month', charge_date::timestamp)::date as charge_month,
    reason, billing_currency, reporting_currency,
    max(books_open_from) as books_open_from,
    min(charge_date) as first_date,
    max(charge_date) as last_date,
    array_agg(distinct charge_date) as charge_dates,
    array_agg(distinct meter) as meters,
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
  from mart.correction_entry as entry
  group by
    recorded_at, run_id, account_id, provider, resource_id, charge_month, reason,
    billing_currency, reporting_currency
)
select
  change.recorded_at, change.run_id,
  change.account_id, change.provider, change.resource_id,
  coalesce(resource.name, change.resource_id) as resource_name,
  coalesce(
    (
      select string_agg(distinct stated.team collate "C", ', ' order by stated.team collate "C")
      -- Month by month, as the index of statements has it.
      from ledger.closed_month as closed
      join ledger.closed_cost as stated on stated.statement_month = closed.month
      where closed.month >= change.charge_month
        and closed.month <= greatest(change.charge_month, change.books_open_from)
        and stated.account_id = change.account_id and stated.resource_id = change.resource_id
        and stated.cost_date = any (change.charge_dates) and stated.meter = any (change.meters)
    ),
    (
      select string_agg(distinct owned.team collate "C", ', ' order by owned.team collate "C")
      from unnest(change.charge_dates) as day (cost_date)
      join mart.resource_ownership as owned
        on owned.account_id = change.account_id and owned.resource_id = change.resource_id
        and owned.from_date <= day.cost_date and day.cost_date < owned.to_date
    ),
    '(no team)'
  ) as team,
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
