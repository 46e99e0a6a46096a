-- One row per account, kind and SKU whose cost in the range belongs to no team.
select
  provider, account_id, resource_type, sku, sum(cost) as cost
from mart.rpt_cost_daily
where $__timeFilter(cost_date)
  and $__filtered(basis, currency)
  and team = '(no team)' and provider in (${provider:sqlstring})
group by provider, account_id, resource_type, sku
having sum(cost) <> 0
order by cost desc
limit 50
