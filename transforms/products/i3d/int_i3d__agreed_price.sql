-- One row per row of the rate card that holds for an account, on demand and under contract; monthly
-- prices by 730 hours. In the columns of the contract.
select
  price.account_id,
  price.provider,
  price.contract_id,
  price.sku,
  price.region_id,
  price.region_id as region_name,
  coalesce(server.gpu_model, machine.gpu_model) as gpu_model,

  coalesce(server.gpu_count, machine.gpu_count, 0) as gpu_count,
  coalesce(server.core_count, machine.vcpu_count) as vcpu_count,
  coalesce(server.memory_gib, machine.memory_gib) as memory_gib,
  coalesce(rate.hour_price, rate.month_price / 730) as price_per_hour,
  coalesce(rate.hour_list_price, rate.month_list_price / 730) as list_price_per_hour,
  rate.currency as billing_currency,

  price.edge_at as valid_from,
  nullif(price.edge_until, 'infinity') as valid_to
from intermediate.int_i3d__price as price
join intermediate.int_i3d__rate as rate using (rate_id)
left join intermediate.int_flexmetal__hardware as server
  on price.provider = 'i3d-flexmetal'
  and server.account_id = price.account_id and server.sku = price.sku
left join intermediate.int_flexvm__hardware as machine
  on price.provider = 'i3d-flexvm'
  and machine.account_id = price.account_id and machine.sku = price.sku
where price.account_id in (
  select watermark.account_id from landing.watermark
  where watermark.stream in ('flexmetal.plans', 'flexvm.instance_types')
)
