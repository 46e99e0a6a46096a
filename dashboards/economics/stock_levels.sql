-- One row per instance type and region of a provider that reports its stock in words: as last reported.
select distinct on (provider, offer, region)
  provider, offer, region, stock_level
from mart.rpt_market_stock_daily
where stock_level is not null
  and stock_date > (select (clock_at at time zone 'UTC')::date - 7 from mart.rpt_clock)
  and $__filtered(provider, region)
order by provider, offer, region, stock_date desc
