-- One row per step of days, market and GPU model: the least that was asked per GPU-hour.
select
  $__timeGroupAlias(price_date, $__interval),
  provider || ' ' || market || ': '
    || case when market = 'bare metal' then offer else gpu_model end as metric,
  min(reporting_price_per_gpu_hour) as value
from mart.rpt_market_price_daily
where $__timeFilter(price_date) and gpu_count > 0
  and $__filtered(provider, region, gpu_model)
group by 1, 2
order by 1, 2
