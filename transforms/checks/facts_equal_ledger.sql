-- Claim: the daily facts add up to ledger and accruals, resource by resource and meter by meter.
with known as (
  select account_id, resource_id, meter, billing_currency, billed_cost, usage_hours
  from ledger.charge
  union all
  select account_id, resource_id, meter, billing_currency, billed_cost, usage_hours
  from mart.accrual
),
expected as (
  select account_id, resource_id, meter, billing_currency, sum(billed_cost) as billed_cost,
    coalesce(sum(usage_hours), 0) as usage_hours
  from known
  group by account_id, resource_id, meter, billing_currency
),
actual as (
  select account_id, resource_id, meter, billing_currency, sum(billed_cost) as billed_cost,
    sum(usage_hours) as usage_hours
  from mart.fct_cost_daily
  group by account_id, resource_id, meter, billing_currency
)
select
  account_id, resource_id, meter, billing_currency,
  expected.billed_cost as ledger_cost, actual.billed_cost as facts_cost,
  expected.usage_hours as ledger_hours, actual.usage_hours as facts_hours
from expected
full join actual using (account_id, resource_id, meter, billing_currency)
where (coalesce(expected.billed_cost, 0), coalesce(expected.usage_hours, 0))
  <> (coalesce(actual.billed_cost, 0), coalesce(actual.usage_hours, 0))
