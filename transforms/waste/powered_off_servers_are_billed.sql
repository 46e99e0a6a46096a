-- Waste: a dedicated server that is powered off costs what a running one costs.
-- Kind: stopped but billed
-- Action: end the rental (OpenMetal: remove the node before its next term), or power it on.
-- Counted: what it cost on the last whole UTC days (up to 7) since it was off, for 730 hours.
select
  resource.account_id,
  resource.provider,
  resource.resource_id,
  resource.name as resource_name,
  off.since,
  mart.cost_per_month(resource.account_id, resource.resource_id, off.since, :'now')
    as cost_per_month,
  format(
    '%s (%s), off since %s and billed at the full rate',
    resource.resource_type, resource.sku,
    to_char(off.since at time zone 'UTC', 'YYYY-MM-DD')
  ) as evidence
from mart.dim_resource as resource
cross join lateral (
  select mart.in_status_since(resource.account_id, resource.resource_id, 'stopped') as since
) as off
where resource.valid_to is null and resource.status = 'stopped'
  and resource.resource_type in ('Bare Metal Server', 'Private Cloud Node')
