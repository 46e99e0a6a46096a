-- One row: the age of the oldest last sync of a stream that charges depend on, by the real clock.
select max(extract(epoch from now() - looked_at) / 3600) as value
from mart.rpt_stream
where is_metering
  and $__filtered(account, stream)
