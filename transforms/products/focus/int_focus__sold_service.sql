-- One row per seller and service that the files name, with the category of FOCUS.
select distinct on (service.provider, service.service_name)
  service.provider,
  service.service_name,
  coalesce(service.service_category, 'Other') as service_category,
  coalesce(
    service.service_subcategory, format('Other (%s)', coalesce(service.service_category, 'Other'))
  ) as service_subcategory
from (
  select distinct account_id from landing.watermark where stream = 'focus.cost_and_usage'
) as account
cross join lateral (
  select
    provider,
    left(coalesce(service_name, 'Other'), 200) as service_name,
    service_category, service_subcategory, billed_cost, record_key
  from staging.stg_focus__sum as sum
  where sum.account_id = account.account_id and sum.ended_at is null
  offset 0 -- looked up account by account: no index of landing begins with the entity
) as service
order by
  service.provider, service.service_name, service.billed_cost desc, service.record_key collate "C"
