-- One row per provider, UTC month and billing currency.
select
  date_trunc('month', cost_date::timestamp)::date as cost_month,
  provider,
  billing_currency,
  count(distinct resource_id) as resources,
  sum(usage_hours) as usage_hours,
  sum(gpu_hours) as gpu_hours,
  sum(billed_cost) as billed_cost,
  sum(reporting_cost) as reporting_cost,
  sum(accrued_cost) as accrued_cost,
  sum(estimated_cost) as estimated_cost,
  sum(uncertainty) as uncertainty
from mart.fct_cost_daily
group by date_trunc('month', cost_date::timestamp), provider, billing_currency
