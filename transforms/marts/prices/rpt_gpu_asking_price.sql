-- One row per GPU model that any published market offers now: the least that an hour of one costs, in
-- the reporting currency, and whose offer that is. However it is connected, and whether free or not.
select distinct on (gpu_model)
  gpu_model,
  provider,
  offer,
  reporting_price_per_gpu_hour as least_per_gpu_hour
from mart.rpt_market_offer
where reporting_price_per_gpu_hour is not null
order by gpu_model, reporting_price_per_gpu_hour, provider collate "C", offer collate "C"
