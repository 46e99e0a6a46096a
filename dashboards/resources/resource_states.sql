-- One row per stretch of time in which nothing about the resource changed: its status.
select greatest(valid_from, $__timeFrom()) as time, status
from mart.dim_resource
where resource_id = ${resource:sqlstring} and account_id in (${account:sqlstring})
  and valid_from < $__timeTo() and coalesce(valid_to, 'infinity') > $__timeFrom()
order by 1
