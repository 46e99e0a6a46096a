-- One row per provider and SKU that can be had now: the least and the most that a machine of it
-- costs per hour in any region, in the reporting currency, as the provider's market asks or as was
-- agreed on demand.
with asked as (
  select provider, sku, reporting_price_per_hour as price_per_hour
  from mart.rpt_market_offer
  union all
  select agreed.provider, agreed.sku, agreed.price_per_hour * rate.rate
  from mart.rpt_agreed_price as agreed
  cross join mart.rpt_clock as clock
  join mart.rpt_current_rate as rate on rate.currency = agreed.billing_currency
  where agreed.contract_id = ''
    and agreed.valid_from <= clock.clock_at
    and (agreed.valid_to is null or clock.clock_at < agreed.valid_to)
)
select
  provider,
  sku,
  round(min(price_per_hour), 9) as least_per_hour,
  round(max(price_per_hour), 9) as most_per_hour
from asked
where price_per_hour is not null
group by provider, sku
