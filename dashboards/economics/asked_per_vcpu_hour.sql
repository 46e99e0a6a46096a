-- One row per step of days, provider and region: what offers without GPU asked per vCPU-hour, on
-- average.
select
  $__timeGroupAlias(price_date, $__interval),
  provider || ': ' || region as metric,
  avg(reporting_price_per_vcpu_hour) as value
from mart.rpt_market_price_daily
where $__timeFilter(price_date) and gpu_count = 0
  and $__filtered(provider, region, gpu_model)
group by 1, 2
order by 1, 2
