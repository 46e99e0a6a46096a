-- Waste: a FlexVM cloud at a fixed price by the month holds no machine.
-- Kind: empty hosts
-- Action: give the cloud back, or have it billed by its machines.
-- Counted: what the cloud cost on the last whole UTC days (up to 7) it was empty, for 730 hours.
with occupant as (
  select
    account_id, cloud_id,
    bool_or(ended_at is null) as is_occupied,
    max(ended_at) as emptied_at
  from staging.stg_flexvm__vm
  where is_listed and status <> 'ended' and cloud_id is not null
  group by account_id, cloud_id
),
cloud as (
  select
    cloud.*, coalesce(occupant.is_occupied, false) as is_occupied,
    coalesce(occupant.emptied_at, cloud.started_at, cloud.valid_from) as empty_since
  from mart.dim_resource as cloud
  left join occupant
    on occupant.account_id = cloud.account_id and occupant.cloud_id = cloud.resource_id
  where cloud.valid_to is null and cloud.status = 'running'
    and cloud.resource_type = 'Private Cloud' and cloud.provider = 'i3d-flexvm'
)
select
  account_id,
  provider,
  resource_id,
  name as resource_name,
  empty_since as since,
  mart.cost_per_month(account_id, resource_id, empty_since, :'now') as cost_per_month,
  format(
    'a cloud of %s hosts in %s without a machine since %s',
    sku, region_id, to_char(empty_since at time zone 'UTC', 'YYYY-MM-DD')
  ) as evidence
from cloud
where not is_occupied
