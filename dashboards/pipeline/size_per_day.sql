-- One row per UTC day on which it was measured and schema: the size of its tables.
select
  $__timeGroupAlias(measured_on, 1d), schema_name as metric, sum(total_bytes) as value
from mart.rpt_relation_size
where $__timeFilter(measured_on)
group by 1, 2
order by 1, 2
