-- One row per version of a marketplace offer, in the columns of the contract: an epoch's price by
-- the hour.
select
  offer.account_id,
  'fluence' as provider,
  'marketplace' as market,
  offer.sku as offer,
  offer.sku,
  offer.region_id,
  upper(split_part(offer.region_id, '-', 2) || ', ' || split_part(offer.region_id, '-', 1))
    as region_name,
  null::text as gpu_model,

  0 as gpu_count,
  substring(offer.sku from '^(\d+)vcpu-')::numeric as vcpu_count,
  substring(offer.sku from '^\d+vcpu-(\d+)gib-')::numeric as memory_gib,
  offer.price_per_epoch / 24 as price_per_hour,
  null::numeric as list_price_per_hour,
  offer.currency as billing_currency,

  offer.seen_from as valid_from,
  offer.ended_at as valid_to
from staging.stg_fluence__offer as offer
