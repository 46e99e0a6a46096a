-- Which accruals of the scope are not what they should be: one row per charge key.
create temporary table accrual_difference on commit drop as
with held as (
  select accrual.*
  from mart.accrual
  join scope using (account_id, resource_id)
  where accrual.charge_date >= scope.from_date
),
wanted as (
  select * from desired where not is_settled
)
select
  coalesce(wanted.account_id, held.account_id) as account_id,
  coalesce(wanted.charge_key, held.charge_key) as charge_key,
  held.charge_key is not null as is_held,
  wanted.charge_key is not null as is_wanted
from wanted
full join held using (account_id, charge_key)
where (
  held.quantity, held.usage_hours, held.gpu_hours, held.list_cost, held.contracted_cost,
  held.billed_cost, held.effective_cost, held.reporting_cost, held.uncertainty, held.basis,
  held.charge_period_start, held.charge_period_end, held.meter, held.resource_id, held.day_rule,
  held.billing_currency
) is distinct from (
  wanted.quantity, wanted.usage_hours, wanted.gpu_hours, wanted.list_cost, wanted.contracted_cost,
  wanted.billed_cost, wanted.effective_cost, wanted.reporting_cost, wanted.uncertainty,
  wanted.basis, wanted.charge_period_start, wanted.charge_period_end, wanted.meter,
  wanted.resource_id, wanted.day_rule, wanted.billing_currency
)
