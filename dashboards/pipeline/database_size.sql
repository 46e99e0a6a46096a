-- One row: the size of all tables, when they were measured last.
select sum(total_bytes) as value
from mart.rpt_relation_size
where measured_on = (select max(measured_on) from mart.rpt_relation_size)
