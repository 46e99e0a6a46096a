-- Claim: one SKU has one price at a time.
select
  earlier.provider, earlier.account_id, earlier.sku, earlier.region, earlier.contract_id,
  earlier.rate_id, later.rate_id as other_rate_id, later.valid_from as both_from
from reference.rate as earlier
join reference.rate as later
  on later.rate_id <> earlier.rate_id
  and later.provider = earlier.provider
  and later.account_id is not distinct from earlier.account_id
  and later.sku = earlier.sku and later.region = earlier.region
  and later.contract_id = earlier.contract_id
  and later.valid_from >= earlier.valid_from
  and later.valid_from < coalesce(earlier.valid_to, 'infinity')
where earlier.superseded_at is null and later.superseded_at is null
