-- One row per resource that the monthly reports charge or credit, over all months: when its billing
-- began and closed (null while any of its transactions is open), and what kind of thing it is.
with latest_part as (
  select distinct on (part.account_id, part.resource_id, part.record_key) part.*
  from intermediate.int_voltage_park__billed_part as part
  where part.ended_at is null
  order by part.account_id, part.resource_id, part.record_key, part.slice desc
),
resource as (
  select
    account_id,
    resource_id,
    min(meter) filter (where kind = 'cost') as meter,
    min(note) as note,
    min(coalesce(interval_start_at, stamped_at)) as billed_from,
    max(closed_at) as last_closed_at,
    max(coalesce(closed_at, stamped_at)) as billed_until,
    bool_or(interval_start_at is not null and closed_at is null) as is_open,
    max(version_id) as version_id
  from latest_part
  group by account_id, resource_id
)
select
  resource.account_id,
  resource.resource_id,
  resource.version_id,
  case
    when resource.meter in ('vm-hours', 'vm-storage-hours') then 'Voltage Park VM'
    when resource.meter = 'bare-metal-hours' then 'Voltage Park Bare Metal'
    when resource.meter = 'storage-hours' then 'Voltage Park Storage'
    else 'Voltage Park Billing'
  end as service_name,
  case
    when resource.meter in ('vm-hours', 'vm-storage-hours') then 'Virtual Machine'
    when resource.meter = 'bare-metal-hours' then 'Bare Metal Server'
    when resource.meter = 'storage-hours' then 'Storage Volume'
    else 'Billing Adjustment'
  end as resource_type,
  resource.note,
  resource.billed_from,
  case when not resource.is_open then greatest(resource.billed_until, resource.billed_from) end
    as billed_until,
  resource.last_closed_at
from resource
