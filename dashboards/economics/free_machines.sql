-- One row per step of days and region: machines that could be rented, of the size that had most.
select
  $__timeGroupAlias(stock_date, $__interval),
  region as metric,
  max(stock) as value
from mart.rpt_market_stock_daily
where $__timeFilter(stock_date) and stock_unit = 'machines'
  and $__filtered(provider, region)
group by 1, 2
order by 1, 2
