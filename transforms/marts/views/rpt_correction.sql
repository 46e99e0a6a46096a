-- One row per run, resource, UTC month of the charged days, reason and currency: what the run changed
-- of what had been entered before (reversals and re-entries), or added to a month that was closed by
-- then. Amounts are the sums before and after, in the billing and in the reporting currency: 0 where
-- nothing was owed, or is owed any more. `is_of_closed_month`: it is stated in a later month.
with entry as (
  select
    charge.*,
    date_trunc('month', charge.charge_date::timestamp)::date as charge_month,
    run.books_open_from,
    case
      when charge.reason <> 'first entry' then charge.reason
      when charge.revision > 1 then 'entered again'
      else 'learnt after the month was closed'
    end as change_reason
  from ledger.charge
  join ledger.run using (run_id)
  -- As the index `charge_corrections` has it: nothing is charged for a month that is to come.
  where (
      charge.entry = 'reversal' or charge.revision > 1
      or charge.charge_date < date_trunc('month', charge.recorded_at at time zone 'UTC')
    )
    and (
      charge.entry = 'reversal' or charge.revision > 1
      or charge.charge_date < run.books_open_from
    )
),
change as (
  select
    recorded_at, run_id, account_id, provider, resource_id, charge_month, change_reason,
    billing_currency, reporting_currency,
    max(greatest(charge_month, books_open_from)) as statement_month,
    bool_or(charge_month < books_open_from) as is_of_closed_month,
    count(distinct charge_key) as charges,
    min(charge_date) as first_date,
    max(charge_date) as last_date,
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
    recorded_at, run_id, account_id, provider, resource_id, charge_month, change_reason,
    billing_currency, reporting_currency
)
select
  change.recorded_at, change.run_id,
  change.account_id, change.provider, change.resource_id,
  coalesce(resource.name, change.resource_id) as resource_name,
  coalesce(owned.team, '(no team)') as team,
  change.change_reason as reason,
  change.charge_month, change.first_date, change.last_date, change.charges,
  change.statement_month, change.is_of_closed_month,
  change.billing_currency, change.old_cost, change.new_cost,
  change.new_cost - change.old_cost as difference,
  change.reporting_currency, change.old_reporting_cost, change.new_reporting_cost,
  change.new_reporting_cost - change.old_reporting_cost as reporting_difference
from change
left join mart.dim_resource as resource
  on resource.account_id = change.account_id and resource.resource_id = change.resource_id
  and resource.valid_to is null
left join mart.resource_span as owned
  on owned.account_id = change.account_id and owned.resource_id = change.resource_id
  and owned.to_date = 'infinity'
