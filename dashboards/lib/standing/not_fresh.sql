-- One row: how many streams that charges rest on are stale or were never read.
select count(*) filter (where state in ('stale', 'never read')) as value
from mart.rpt_stream
where is_metering
