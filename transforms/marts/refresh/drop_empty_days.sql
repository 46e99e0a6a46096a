-- A day from which everything was taken back leaves no row behind. Only where the run took at least
-- as much as it gave can that be.
with taken_back as (
  select
    account_id, resource_id, meter, billing_currency,
    min(charge_date) as from_date,
    (max(charge_period_end) at time zone 'UTC')::date as to_date
  from cost_delta
  group by account_id, resource_id, meter, billing_currency, charge_date
  having sum(quantity) <= 0
)
delete from mart.fct_cost_daily as fact
using taken_back
where fact.account_id = taken_back.account_id and fact.resource_id = taken_back.resource_id
  and fact.meter = taken_back.meter and fact.billing_currency = taken_back.billing_currency
  and fact.cost_date between taken_back.from_date and taken_back.to_date
  and fact.quantity = 0 and fact.usage_hours = 0 and fact.list_cost = 0 and fact.billed_cost = 0
  and fact.effective_cost = 0 and fact.reporting_cost = 0 and fact.uncertainty = 0
