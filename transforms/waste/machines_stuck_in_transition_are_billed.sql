-- Waste: a machine has been coming up or going away for more than a day and is billed meanwhile.
-- Kind: stuck
-- Action: delete it, or have the provider finish it and credit the hours.
-- Counted: what it cost on the last whole UTC days (up to 7) in this state, for 730 hours.
select
  resource.account_id,
  resource.provider,
  resource.resource_id,
  resource.name as resource_name,
  stuck.since,
  mart.cost_per_month(resource.account_id, resource.resource_id, stuck.since, :'now')
    as cost_per_month,
  format(
    'a %s in %s, %s for %s hours', resource.sku, resource.region_id, resource.status,
    floor(extract(epoch from :'now'::timestamptz - stuck.since) / 3600)
  ) as evidence
from mart.dim_resource as resource
cross join lateral (
  select mart.in_status_since(resource.account_id, resource.resource_id, resource.status) as since
) as stuck
where resource.valid_to is null and resource.status in ('provisioning', 'releasing')
  and stuck.since <= :'now'::timestamptz - interval '24 hours'
