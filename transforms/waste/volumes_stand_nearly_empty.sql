-- Waste: a Voltage Park volume is rented by its size and has been less than 10 % full for a week.
-- Kind: unused storage
-- Action: move its files to a smaller volume, or shrink it.
-- Counted: the empty part of what it cost on the last whole UTC days (up to 7), for 730 hours.
with level as (
  select
    account_id, resource_id, size_gb, used_bytes, seen_from, ended_at,
    used_bytes >= 0.1 * size_gb * 1000000000 as is_filled
  from staging.stg_voltage_park__storage_volume_detail
),
history as (
  select
    account_id, resource_id,
    coalesce(max(ended_at) filter (where is_filled), min(seen_from)) as since
  from level
  group by account_id, resource_id
)
select
  level.account_id,
  resource.provider,
  level.resource_id,
  resource.name as resource_name,
  history.since,
  round(
    mart.cost_per_month(level.account_id, level.resource_id, history.since, :'now')
      * (1 - level.used_bytes / (nullif(level.size_gb, 0) * 1000000000)),
    9
  ) as cost_per_month,
  format(
    '%s of %s GB used, less than 10 %% since %s',
    trim_scale(round(level.used_bytes / 1000000000, 1)), level.size_gb,
    to_char(history.since at time zone 'UTC', 'YYYY-MM-DD')
  ) as evidence
from level
join history using (account_id, resource_id)
join mart.dim_resource as resource
  on resource.account_id = level.account_id and resource.resource_id = level.resource_id
  and resource.valid_to is null and resource.status <> 'ended'
where level.ended_at is null and not level.is_filled
  and history.since <= :'now'::timestamptz - interval '7 days'
