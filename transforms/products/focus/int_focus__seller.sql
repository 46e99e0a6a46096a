-- One row per seller that the files name: the `provider` of its costs, and who issues its invoices.
select distinct on (seller.provider)
  seller.provider,
  seller.provider_name as title,
  'focus' as stream_prefix,
  coalesce(seller.issuer_name, seller.provider_name) as issuer_name,
  'Usage-Based' as charge_frequency,
  'Invoice' as payment_terms
from (
  select
    provider, provider_name, issuer_name, billed_cost, record_key
  from staging.stg_focus__sum
  where ended_at is null
) as seller
order by seller.provider, seller.billed_cost desc, seller.record_key collate "C"
