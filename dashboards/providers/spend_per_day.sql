-- One row per step of days and provider. Days first: a step is computed for few rows then.
with daily as (
  select cost_date, provider, sum(cost) as cost
  from mart.rpt_cost_daily
  where $__timeFilter(cost_date)
    and $__filtered(basis, currency, provider, account, region, resource_type, sku)
  group by cost_date, provider
)
select $__timeGroupAlias(cost_date, $__interval), provider as metric, sum(cost) as value
from daily
group by 1, 2
order by 1, 2
