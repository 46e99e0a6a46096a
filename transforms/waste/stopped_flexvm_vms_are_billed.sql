-- Waste: a stopped FlexVM machine keeps its slot on the host and is billed like a running one.
-- Kind: stopped but billed
-- Action: delete the machine, or start it if somebody needs it.
-- Counted: what it cost on the last whole UTC days (up to 7) since it stopped, for 730 hours.
select
  resource.account_id,
  resource.provider,
  resource.resource_id,
  resource.name as resource_name,
  stopped.since,
  mart.cost_per_month(resource.account_id, resource.resource_id, stopped.since, :'now')
    as cost_per_month,
  format(
    'a %s in %s, stopped since %s and billed every hour',
    resource.sku, resource.region_id,
    to_char(stopped.since at time zone 'UTC', 'YYYY-MM-DD')
  ) as evidence
from mart.dim_resource as resource
cross join lateral (
  select mart.in_status_since(resource.account_id, resource.resource_id, 'stopped') as since
) as stopped
where resource.valid_to is null and resource.status = 'stopped'
  and resource.provider = 'i3d-flexvm' and resource.resource_type = 'Virtual Machine'
