-- One row per ledger entry or accrual (charge_id null) and UTC day that it is shared over, cut as the
-- statements cut it, so that the days add up to the entry: a day of a closed month is stated in the first
-- month that was open when the entry was recorded.
with posting as (
  select
    charge.charge_id, charge.run_id, charge.account_id, charge.charge_key, charge.revision,
    charge.entry, charge.resource_id, charge.meter, charge.unit, charge.charge_date,
    charge.charge_period_start, charge.charge_period_end, charge.day_rule, charge.quantity,
    charge.billing_currency, charge.billed_cost, charge.reporting_cost, charge.uncertainty,
    run.books_open_from
  from ledger.charge
  join ledger.run using (run_id)
  union all
  select
    null, null, account_id, charge_key, 1, 'charge', resource_id, meter, unit, charge_date,
    charge_period_start, charge_period_end, day_rule, quantity, billing_currency, billed_cost,
    reporting_cost, uncertainty, (select ledger.books_open_from())
  from mart.accrual
)
select
  posting.charge_id, posting.run_id, posting.account_id, posting.charge_key, posting.revision,
  posting.entry, posting.resource_id, posting.meter, posting.unit, posting.billing_currency,
  day.cost_date,
  date_trunc('month', day.cost_date::timestamp)::date as cost_month,
  greatest(date_trunc('month', day.cost_date::timestamp)::date, posting.books_open_from)
    as statement_month,
  posting.billed_cost as entry_cost,
  mart.share_of(posting.quantity, day.before, day.upto) as quantity,
  mart.share_of(posting.billed_cost, day.before, day.upto) as billed_cost,
  mart.share_of(posting.reporting_cost, day.before, day.upto) as reporting_cost,
  mart.share_of(posting.uncertainty, day.before, day.upto) as uncertainty
from posting
cross join lateral ledger.days_of_charge(
  posting.day_rule, posting.charge_date, posting.charge_period_start, posting.charge_period_end
) as day
