-- One row per offer of a published market and region, as last reported.
select
  provider, market, offer, region, gpu_model, nullif(gpu_count, 0) as gpu_count, vcpu_count,
  memory_gib, price_per_hour, billing_currency, reporting_price_per_gpu_hour,
  reporting_price_per_vcpu_hour, change_share, trim_scale(stock) || ' ' || stock_unit as free
from mart.rpt_market_offer
where $__filtered(provider, region, gpu_model)
order by reporting_price_per_gpu_hour nulls last, reporting_price_per_vcpu_hour, offer, region
limit 200
