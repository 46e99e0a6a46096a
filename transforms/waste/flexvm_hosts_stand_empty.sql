-- Waste: a FlexVM cloud is billed by its hosts, and one of them holds no machine.
-- Kind: empty hosts
-- Action: have the host removed from the cloud, or place machines on it.
-- Counted: what the host cost on the last whole UTC days (up to 7) it was empty, for 730 hours.
with occupant as (
  select
    account_id, node_id,
    bool_or(ended_at is null) as is_occupied,
    max(ended_at) as emptied_at
  from staging.stg_flexvm__vm
  where is_listed and status <> 'ended' and node_id is not null
  group by account_id, node_id
),
host as (
  select
    node.*, coalesce(occupant.is_occupied, false) as is_occupied,
    coalesce(occupant.emptied_at, node.started_at, node.valid_from) as empty_since
  from mart.dim_resource as node
  left join occupant
    on occupant.account_id = node.account_id and occupant.node_id = node.resource_id
  where node.valid_to is null and node.status = 'running' and node.resource_type = 'Cloud Node'
)
select
  account_id,
  provider,
  resource_id,
  name as resource_name,
  empty_since as since,
  mart.cost_per_month(account_id, resource_id, empty_since, :'now') as cost_per_month,
  format(
    'a %s host in %s without a machine since %s',
    sku, region_id, to_char(empty_since at time zone 'UTC', 'YYYY-MM-DD')
  ) as evidence
from host
where not is_occupied
