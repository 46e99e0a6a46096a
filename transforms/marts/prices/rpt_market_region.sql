-- One row per provider and region in which its market offered or had something on the last day
-- stored.
select provider, coalesce(region_name, nullif(region_id, ''), '(any)') as region
from mart.market_price_daily
where price_date = (select max(price_date) from mart.market_price_daily)
union
select provider, coalesce(region_name, nullif(region_id, ''), '(any)')
from mart.market_stock_daily
where stock_date = (select max(stock_date) from mart.market_stock_daily)
union
select provider, region
from mart.rpt_agreed_price
