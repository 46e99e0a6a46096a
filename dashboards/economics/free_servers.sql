-- One row per step of days, provider and region: servers that could be rented, on average of its
-- days.
select
  $__timeGroupAlias(stock_date, $__interval),
  region as metric,
  sum(stock) / count(distinct stock_date) as value
from mart.rpt_market_stock_daily
where $__timeFilter(stock_date) and stock_unit = 'servers'
  and $__filtered(provider, region)
group by 1, 2
order by 1, 2
