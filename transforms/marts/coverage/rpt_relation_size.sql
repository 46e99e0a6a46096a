-- One row per table and UTC day on which it was measured: its size with indexes, and how much it grew
-- per day since it was measured before.
select
  measured_on,
  measured_at,
  schema_name,
  relation_name,
  table_bytes,
  index_bytes,
  table_bytes + index_bytes as total_bytes,
  nullif(rows_estimated, -1) as rows_estimated,
  round(
    (table_bytes + index_bytes - lag(table_bytes + index_bytes) over earlier)::numeric
    / nullif(measured_on - lag(measured_on) over earlier, 0)
  ) as growth_per_day
from mart.relation_size
window earlier as (partition by schema_name, relation_name order by measured_on)
