-- One row per commitment and period in which it has one capacity, those that end first.
select
  contract_id, account_id, sku, region_name, state, capacity, starts_at, ends_at, days_left,
  cost_per_hour, cost_to_come, billing_currency
from mart.rpt_commitment
where $__filtered(provider, account)
order by state = 'over', ends_at nulls last, contract_id
limit 200
