-- One row per price that was agreed with a provider that publishes none (its rate card;
-- `contract_id` empty: on demand) and stretch of time in which it holds, with the change against
-- the one before.
with priced as (
  select
    price.*,
    lag(price_per_hour) over (
      partition by account_id, provider, sku, region_id, contract_id, billing_currency
      order by valid_from
    ) as former_price_per_hour
  from intermediate.agreed_price as price
)
select
  account_id,
  provider,
  contract_id,
  sku,
  region_id,
  coalesce(region_name, region_id) as region,
  coalesce(gpu_model, '(none)') as gpu_model,

  gpu_count,
  vcpu_count,
  memory_gib,
  billing_currency,
  price_per_hour,
  list_price_per_hour,
  former_price_per_hour,
  round(price_per_hour / nullif(former_price_per_hour, 0) - 1, 6) as change_share,

  valid_from,
  valid_to
from priced
