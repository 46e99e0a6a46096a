-- One row per step of days, location and market: GPUs that could be rented, on average of its days.
select
  $__timeGroupAlias(stock_date, $__interval),
  split_part(region, ',', 1)
    || case market when 'bare metal' then ' nodes' else ' VMs' end as metric,
  sum(stock) / count(distinct stock_date) as value
from mart.rpt_market_stock_daily
where $__timeFilter(stock_date) and stock_unit = 'GPUs'
  and $__filtered(provider, region)
group by 1, 2
order by 1, 2
