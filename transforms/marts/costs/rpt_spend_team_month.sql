-- One row per team, UTC month, provider and billing currency.
select
  cost_month,
  team,
  provider,
  billing_currency,
  sum(usage_hours) as usage_hours,
  sum(gpu_hours) as gpu_hours,
  sum(billed_cost) as billed_cost,
  sum(reporting_cost) as reporting_cost
from mart.rpt_cost_owned_daily
group by cost_month, team, provider, billing_currency
