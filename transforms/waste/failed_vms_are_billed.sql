-- Waste: a failed FlexVM machine serves nobody and is billed until it is deleted.
-- Kind: stopped but billed
-- Action: delete the machine, and ask the provider to credit its hours.
-- Counted: what it cost on the last whole UTC days (up to 7) since it failed, for 730 hours.
select
  resource.account_id,
  resource.provider,
  resource.resource_id,
  resource.name as resource_name,
  failed.since,
  mart.cost_per_month(resource.account_id, resource.resource_id, failed.since, :'now')
    as cost_per_month,
  format(
    'a %s in %s, failed since %s and still billed',
    resource.sku, resource.region_id,
    to_char(failed.since at time zone 'UTC', 'YYYY-MM-DD')
  ) as evidence
from mart.dim_resource as resource
cross join lateral (
  select mart.in_status_since(resource.account_id, resource.resource_id, 'failed') as since
) as failed
where resource.valid_to is null and resource.status = 'failed'
  and resource.provider = 'i3d-flexvm' and resource.resource_type = 'Virtual Machine'
