-- One row per volume and month whose storage is charged under billing instances that name no
-- volume: until when the bill covers the volume. `linked_instance.id` of a storage charge is the
-- volume in one reading of the documents and a billing instance in the other; in a month where no
-- charge names a listed volume it is the latter. Which instance belongs to which volume is not
-- known, so they are counted: each open instance pays for one volume that is listed at the reading,
-- those listed longest first, and each closed one for a volume that is gone. A listed volume
-- beyond them is covered until the last instance closed (a resize closes one and opens the next).
with instance as (
  select
    told.account_id, told.slice, told.month_at, told.month_end_at, told.read_until,
    told.resource_id,
    bool_and(told.is_closed) as is_closed,
    max(told.covered_until) as covered_until
  from intermediate.int_voltage_park__told_part as told
  where told.meter = 'storage-hours'
  group by told.account_id, told.slice, told.month_at, told.month_end_at, told.read_until,
    told.resource_id
),
instance_month as (
  select
    account_id, slice, month_at, month_end_at, read_until,
    count(*) filter (where not is_closed) as open_instances,
    count(*) filter (where is_closed) as closed_instances,
    max(covered_until) filter (where is_closed) as closed_until
  from instance
  group by account_id, slice, month_at, month_end_at, read_until
  having not bool_or(exists (
    select from staging.stg_voltage_park__storage_volume as volume
    where volume.account_id = instance.account_id and volume.record_key = instance.resource_id
  ))
),
volume as (
  select
    month.account_id, month.slice, month.month_at, month.month_end_at, month.read_until,
    month.open_instances, month.closed_instances, month.closed_until,
    version.record_key as resource_id,
    min(version.first_seen_at) as first_seen_at,
    bool_or(coalesce(version.ended_at, 'infinity') > month.read_until) as is_listed
  from instance_month as month
  cross join lateral (
    select listed.record_key, listed.seen_from, listed.ended_at,
      min(listed.seen_from) over (partition by listed.record_key) as first_seen_at
    from staging.stg_voltage_park__storage_volume as listed
    where listed.account_id = month.account_id
    offset 0
  ) as version
  where version.seen_from <= month.read_until
    and coalesce(version.ended_at, 'infinity') > month.month_at
  group by month.account_id, month.slice, month.month_at, month.month_end_at, month.read_until,
    month.open_instances, month.closed_instances, month.closed_until, version.record_key
),
ranked as (
  select volume.*,
    row_number() over (
      partition by account_id, slice, is_listed order by first_seen_at, resource_id collate "C"
    ) as place
  from volume
),
covered as (
  select ranked.*,
    case
      when is_listed and place <= open_instances then read_until
      when is_listed then case when closed_until > first_seen_at then closed_until end
      when place <= closed_instances then read_until
    end as covered_until
  from ranked
)
select account_id, resource_id, slice, month_at, month_end_at, covered_until
from covered
where covered_until is not null
