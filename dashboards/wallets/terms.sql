-- One row per cloud and running term, those that end first.
select
  resource_name, resource_id, account_id, region_name, assets, starts_at, ends_at, days_left,
  elapsed_share, cost_so_far, term_cost, discount, stated_cost,
  next_term_cost, billing_currency
from mart.rpt_term
where $__filtered(provider, account)
order by ends_at, resource_name
limit 200
