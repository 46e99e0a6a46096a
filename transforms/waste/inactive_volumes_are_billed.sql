-- Waste: a storage volume that no machine can use is billed.
-- Kind: unused storage
-- Action: delete the volume, or attach it to the rental that it was made for.
-- Counted: what it cost on the last whole UTC days (up to 7) since it was inactive, for 730 hours.
select
  resource.account_id,
  resource.provider,
  resource.resource_id,
  resource.name as resource_name,
  inactive.since,
  mart.cost_per_month(resource.account_id, resource.resource_id, inactive.since, :'now')
    as cost_per_month,
  format(
    'inactive since %s and billed every hour',
    to_char(inactive.since at time zone 'UTC', 'YYYY-MM-DD')
  ) as evidence
from mart.dim_resource as resource
cross join lateral (
  select mart.in_status_since(resource.account_id, resource.resource_id, 'stopped') as since
) as inactive
where resource.valid_to is null and resource.status = 'stopped'
  and resource.resource_type = 'Storage Volume'
