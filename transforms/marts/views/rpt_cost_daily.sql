-- One row per UTC day, statement month, slice of costs, team that is charged, cost basis and currency.
-- The same money is told once per basis (billed, effective, list) and currency ('reporting', and the
-- one it is billed in): always ask for one of each. Pools of shared costs are split among their teams.
select
  part.cost_date, part.statement_month, part.provider, part.account_id, part.service_name,
  part.resource_type, part.sku, part.region, part.gpu_model, part.meter, part.team, part.project,
  part.environment, part.cost_centre, part.allocation_rule, part.is_share, part.billing_currency,
  wanted.basis,
  'reporting' as currency,
  case wanted.basis
    when 'billed' then part.reporting_cost
    when 'effective' then round(part.effective_cost * part.exchange_rate, 9)
    else round(part.list_cost * part.exchange_rate, 9)
  end as cost,
  round(part.accrued_cost * part.exchange_rate, 9) as accrued_cost,
  round(part.uncertainty * part.exchange_rate, 9) as uncertainty,
  part.usage_hours, part.gpu_hours
from mart.cost_part_daily as part
cross join (values ('billed'), ('effective'), ('list')) as wanted (basis)
union all
select
  part.cost_date, part.statement_month, part.provider, part.account_id, part.service_name,
  part.resource_type, part.sku, part.region, part.gpu_model, part.meter, part.team, part.project,
  part.environment, part.cost_centre, part.allocation_rule, part.is_share, part.billing_currency,
  wanted.basis,
  part.billing_currency as currency,
  case wanted.basis
    when 'billed' then part.billed_cost
    when 'effective' then part.effective_cost
    else part.list_cost
  end as cost,
  part.accrued_cost, part.uncertainty, part.usage_hours, part.gpu_hours
from mart.cost_part_daily as part
cross join (values ('billed'), ('effective'), ('list')) as wanted (basis)
