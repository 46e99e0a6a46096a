-- Long: one row per stretch of time in which nothing about the resource changed: its status, as its
-- place among those that Grafana is told to show by name.
select
  greatest(valid_from, $__timeFrom()) as time,
  'status' as metric,
  array_position(
    array['running', 'provisioning', 'releasing', 'stopped', 'failed', 'ended'], status
  ) - 1 as value
from mart.dim_resource
where resource_id = ${resource:sqlstring} and account_id in (${account:sqlstring})
  and valid_from < $__timeTo() and coalesce(valid_to, 'infinity') > $__timeFrom()
order by 1
