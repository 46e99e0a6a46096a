-- One row: the age of the oldest last sync of a stream that charges depend on.
select max(age_hours) as value
from mart.rpt_stream
where is_metering
  and $__filtered(account, stream)
