-- Which accruals of the scope are not what they should be: one row per charge key.
create temporary table accrual_difference on commit drop as
with held as (
  select accrual.*
  from mart.accrual
  join scope using (account_id, resource_id)
  where accrual.charge_date >= scope.from_date
),
product_charge as (
  select * from expected_charge where not is_settled
)
select
  coalesce(product_charge.account_id, held.account_id) as account_id,
  coalesce(product_charge.charge_key, held.charge_key) as charge_key,
  held.charge_key is not null as is_held,
  product_charge.charge_key is not null as is_expected
from product_charge
full join held using (account_id, charge_key)
where (
  held.quantity, held.usage_hours, held.gpu_hours, held.list_cost, held.contracted_cost,
  held.billed_cost, held.effective_cost, held.reporting_cost, held.uncertainty, held.basis,
  held.charge_period_start, held.charge_period_end, held.meter, held.resource_id, held.day_rule,
  held.billing_currency, held.reporting_currency
) is distinct from (
  product_charge.quantity, product_charge.usage_hours, product_charge.gpu_hours, product_charge.list_cost, product_charge.contracted_cost,
  product_charge.billed_cost, product_charge.effective_cost, product_charge.reporting_cost, product_charge.uncertainty,
  product_charge.basis, product_charge.charge_period_start, product_charge.charge_period_end, product_charge.meter,
  product_charge.resource_id, product_charge.day_rule, product_charge.billing_currency,
  product_charge.reporting_currency
)
