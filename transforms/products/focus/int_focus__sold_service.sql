-- One row per seller and service that the files name, with the category of FOCUS.
select distinct on (service.provider, service.service_name)
  service.provider,
  service.service_name,
  coalesce(service.service_category, 'Other') as service_category,
  coalesce(
    service.service_subcategory, format('Other (%s)', coalesce(service.service_category, 'Other'))
  ) as service_subcategory
from (
  select
    provider,
    left(coalesce(service_name, 'Other'), 200) as service_name,
    service_category, service_subcategory, billed_cost, record_key
  from staging.stg_focus__sum
  where ended_at is null
) as service
order by
  service.provider, service.service_name, service.billed_cost desc, service.record_key collate "C"
