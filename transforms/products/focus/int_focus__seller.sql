-- One row per seller that the files name: the `provider` of its costs, and who issues its invoices.
select distinct on (seller.provider)
  seller.provider,
  seller.provider_name as title,
  'focus' as stream_prefix,
  coalesce(seller.issuer_name, seller.provider_name) as issuer_name,
  'Usage-Based' as charge_frequency,
  'Invoice' as payment_terms
from (
  select distinct account_id from landing.watermark where stream = 'focus.cost_and_usage'
) as account
cross join lateral (
  select
    provider, provider_name, issuer_name, billed_cost, record_key
  from staging.stg_focus__sum as sum
  where sum.account_id = account.account_id and sum.ended_at is null
  offset 0 -- looked up account by account: no index of landing begins with the entity
) as seller
order by seller.provider, seller.billed_cost desc, seller.record_key collate "C"
