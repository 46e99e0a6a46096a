-- One row per measured resource and UTC hour in which it ran: how long it ran, and which parts of the hour
-- are active, allocated and idle, and unallocated; what is left is unknown. A resource counts as allocated
-- whole unless its metrics' measure `allocated` is declared; then an hour without its value is unknown where it
-- was not active.
create temporary table resource_hour on commit drop as
with measured as (
  select matched.account_id, matched.resource_id, matched.usage_date,
    bool_or(exists (
      select from reference.metric
      where metric.account_id = matched.metrics_account and metric.measure = 'allocated'
    )) as has_allocation
  from matched_series as matched
  group by matched.account_id, matched.resource_id, matched.usage_date
),
running as (
  select measured.*, hour_start, resource.gpu_count,
    extract(epoch from
      least(
        hour_start + interval '1 hour', coalesce(resource.ended_at, 'infinity'), (select clock_at from mart.transform_state)
      ) - greatest(hour_start, coalesce(resource.started_at, '-infinity'))
    ) as seconds
  from measured
  cross join lateral (
    select dim.gpu_count, dim.started_at, dim.ended_at
    from mart.dim_resource as dim
    where dim.account_id = measured.account_id and dim.resource_id = measured.resource_id
      and dim.valid_from < (measured.usage_date + 1)::timestamp at time zone 'UTC'
    order by dim.valid_from desc
    limit 1
  ) as resource
  cross join lateral generate_series(
    measured.usage_date::timestamp at time zone 'UTC',
    measured.usage_date::timestamp at time zone 'UTC' + interval '23 hours',
    interval '1 hour'
  ) as hour_start
),
-- Where devices are measured on a day, what is said of the whole resource (its CPU) says nothing of them.
measured_by as (
  select account_id, resource_id, (hour_start at time zone 'UTC')::date as usage_date, measure,
    bool_or(is_device) as has_devices
  from device_hour
  group by account_id, resource_id, (hour_start at time zone 'UTC')::date, measure
),
chosen as (
  select running.account_id, running.resource_id, running.hour_start, running.gpu_count,
    device_hour.measure, device_hour.unit, device_hour.is_device, device_hour.value
  from running
  join device_hour using (account_id, resource_id, hour_start)
  join measured_by using (account_id, resource_id, usage_date, measure)
  where device_hour.is_device = measured_by.has_devices
),
active as (
  -- A device that is not measured is unknown; so are those beyond the count that the provider reports.
  select account_id, resource_id, hour_start,
    case when bool_or(is_device)
      then least(count(*) / greatest(max(gpu_count), count(*), 1)::numeric, 1) else 1
    end as known,
    case
      when bool_or(is_device) then sum(value) / greatest(max(gpu_count), count(*), 1)
      when bool_or(unit = 'gpus') then least(sum(value) / greatest(max(gpu_count), 1), 1)
      else max(value)
    end as active
  from chosen
  where measure = 'active'
  group by account_id, resource_id, hour_start
),
allocated as (
  select account_id, resource_id, hour_start,
    case
      when bool_or(is_device or unit = 'gpus')
      then least(sum(value) / greatest(max(gpu_count), 1), 1)
      else max(value)
    end as allocated
  from chosen
  where measure = 'allocated'
  group by account_id, resource_id, hour_start
),
parts as (
  select running.account_id, running.resource_id, running.usage_date, running.hour_start,
    running.seconds, coalesce(active.active, 0) as active,
    case
      when not running.has_allocation then 1
      else allocated.allocated
    end as allocated,
    coalesce(active.known, 0) - coalesce(active.active, 0) as inactive
  from running
  left join active using (account_id, resource_id, hour_start)
  left join allocated using (account_id, resource_id, hour_start)
  where running.seconds > 0
)
select account_id, resource_id, usage_date, hour_start, seconds, active,
  case when allocated is null then 0 else least(inactive, greatest(allocated - active, 0)) end
    as allocated_idle,
  case when allocated is null then 0 else inactive - least(inactive, greatest(allocated - active, 0)) end
    as unallocated
from parts
