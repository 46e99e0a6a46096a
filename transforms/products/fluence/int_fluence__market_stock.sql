-- One row per version of a marketplace offer: how many machines of it could be rented.
select
  offer.account_id,
  'fluence' as provider,
  'marketplace' as market,
  offer.sku as offer,
  offer.region_id,
  upper(split_part(offer.region_id, '-', 2) || ', ' || split_part(offer.region_id, '-', 1))
    as region_name,

  offer.available_instances as stock,
  'machines' as stock_unit,
  null::text as stock_level,

  offer.seen_from as valid_from,
  offer.ended_at as valid_to
from staging.stg_fluence__offer as offer
