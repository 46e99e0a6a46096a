-- One row per UTC day, statement month, slice of costs, cost basis and currency: the same money is reported
-- once per basis (billed, effective, list) and currency ('reporting', and the one it is billed in), so
-- always ask for one of each. The planner leaves the other parts of the union out, and columns that
-- nobody asks for, as long as all parts have the same types: hence the casts.
select
  part.*, 'billed'::text as basis, 'reporting'::text as currency, part.reporting_cost::numeric as cost,
  round(part.billed_accrued_cost * part.exchange_rate, 9)::numeric as accrued_cost,
  round(part.billed_uncertainty * part.exchange_rate, 9)::numeric as uncertainty
from mart.cost_part_daily as part
union all
select
  part.*, 'effective'::text as basis, 'reporting'::text as currency, round(part.effective_cost * part.exchange_rate, 9)::numeric as cost,
  round(part.billed_accrued_cost * part.exchange_rate, 9)::numeric as accrued_cost,
  round(part.billed_uncertainty * part.exchange_rate, 9)::numeric as uncertainty
from mart.cost_part_daily as part
union all
select
  part.*, 'list'::text as basis, 'reporting'::text as currency, round(part.list_cost * part.exchange_rate, 9)::numeric as cost,
  round(part.billed_accrued_cost * part.exchange_rate, 9)::numeric as accrued_cost,
  round(part.billed_uncertainty * part.exchange_rate, 9)::numeric as uncertainty
from mart.cost_part_daily as part
union all
select
  part.*, 'billed'::text as basis, part.billing_currency as currency, part.billed_cost::numeric as cost,
  part.billed_accrued_cost::numeric as accrued_cost,
  part.billed_uncertainty::numeric as uncertainty
from mart.cost_part_daily as part
union all
select
  part.*, 'effective'::text as basis, part.billing_currency as currency, part.effective_cost::numeric as cost,
  part.billed_accrued_cost::numeric as accrued_cost,
  part.billed_uncertainty::numeric as uncertainty
from mart.cost_part_daily as part
union all
select
  part.*, 'list'::text as basis, part.billing_currency as currency, part.list_cost::numeric as cost,
  part.billed_accrued_cost::numeric as accrued_cost,
  part.billed_uncertainty::numeric as uncertainty
from mart.cost_part_daily as part
