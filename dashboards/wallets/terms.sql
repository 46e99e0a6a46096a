-- One row per cloud and running term, those that end first.
select
  resource_name, resource_id, account_id, region_name, assets, starts_at, ends_at, days_left,
  elapsed_share, cost_so_far, term_cost, discount, stated_cost,
  next_term_cost, billing_currency
from mart.rpt_term
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
order by ends_at, resource_name
limit 200
