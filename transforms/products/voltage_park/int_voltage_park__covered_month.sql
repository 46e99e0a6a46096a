-- One row per resource, meter and month that the month's report charges: until when the charges
-- cover it, and whether all of them are closed. Volumes may be charged under other names.
select account_id, resource_id, meter, slice, month_at, month_end_at,
  max(covered_until) as covered_until, bool_and(is_closed) as is_closed
from intermediate.int_voltage_park__told_part
group by account_id, resource_id, meter, slice, month_at, month_end_at
union all
select account_id, resource_id, 'storage-hours', slice, month_at, month_end_at,
  covered_until, false
from intermediate.int_voltage_park__instance_storage
