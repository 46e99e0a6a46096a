-- One row: the age of the oldest last look at a stream that charges rest on.
select max(age_hours) as value
from mart.rpt_stream
where is_metering
  and $__filtered(account, stream)
