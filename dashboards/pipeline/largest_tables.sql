-- One row per table: the fifteen largest when they were measured last.
select
  schema_name || '.' || relation_name as relation,
  rows_estimated, total_bytes, index_bytes, growth_per_day
from mart.rpt_relation_size
where measured_on = (select max(measured_on) from mart.rpt_relation_size)
order by total_bytes desc
limit 15
