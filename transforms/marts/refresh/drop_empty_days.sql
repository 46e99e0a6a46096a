-- A day from which everything was taken back leaves no row behind. Any day that the run touched can
-- be one: a growing charge may leave a day, a negative quantity is taken back by a positive one.
with touched as (
  select
    account_id, resource_id, meter, billing_currency,
    min(charge_date) as from_date,
    (max(charge_period_end) at time zone 'UTC')::date as to_date
  from cost_delta
  group by account_id, resource_id, meter, billing_currency, charge_date
)
delete from mart.fct_cost_daily as fact
using touched
where fact.account_id = touched.account_id and fact.resource_id = touched.resource_id
  and fact.meter = touched.meter and fact.billing_currency = touched.billing_currency
  and fact.cost_date between touched.from_date and touched.to_date
  and fact.quantity = 0 and fact.usage_hours = 0 and fact.list_cost = 0 and fact.billed_cost = 0
  and fact.effective_cost = 0 and fact.reporting_cost = 0 and fact.uncertainty = 0
