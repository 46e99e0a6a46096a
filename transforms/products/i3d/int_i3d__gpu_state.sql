-- One row per server or virtual machine and interval in which syncs showed one number of GPUs; the
-- intervals of a machine cover all time. Reports count where no list ever showed it.
select
  account_id,
  resource_id,
  gpu_count,
  case when lag(seen_from) over in_order is null then '-infinity' else seen_from end as valid_from,
  coalesce(lead(seen_from) over in_order, 'infinity') as valid_to
from (
  select
    version.*,
    rank() over (partition by account_id, resource_id order by is_listed desc) = 1 as is_believed
  from intermediate.int_i3d__gpu_version as version
) as version
where is_believed
window in_order as (partition by account_id, resource_id order by seen_from, version_id)
