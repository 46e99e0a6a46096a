-- One row per offer of a market that a provider publishes, and region, as last reported: its price now
-- and 30 days before, and its stock (null where the market tells none for this offer).
select
  price.account_id,
  price.provider,
  price.market,
  price.offer,
  price.sku,
  price.region_id,
  price.region,
  price.gpu_model,

  price.gpu_count,
  price.vcpu_count,
  price.memory_gib,
  price.billing_currency,
  price.price_per_hour,
  former.price_per_hour as price_per_hour_30_days_before,
  round(price.price_per_hour / nullif(former.price_per_hour, 0) - 1, 6) as change_share,
  price.reporting_price_per_hour,
  price.reporting_price_per_gpu_hour,
  price.reporting_price_per_vcpu_hour,
  stock.stock,
  stock.stock_unit,
  stock.stock_level,

  price.price_date as told_on
from mart.rpt_market_price_daily as price
left join mart.market_price_daily as former
  on former.price_date = price.price_date - 30 and former.account_id = price.account_id
  and former.provider = price.provider and former.market = price.market
  and former.offer = price.offer and former.region_id = price.region_id
left join mart.market_stock_daily as stock
  on stock.stock_date = price.price_date and stock.account_id = price.account_id
  and stock.provider = price.provider and stock.market = price.market
  and stock.offer = price.offer and stock.region_id = price.region_id
where price.price_date = (select max(price_date) from mart.market_price_daily)
