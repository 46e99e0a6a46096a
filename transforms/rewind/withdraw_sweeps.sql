-- Sweeps begun after :'to', one row each, kept apart.
with withdrawn as (
  delete from landing.sweep
  where started_at > :'to'
  returning *
)
insert into landing.withdrawn_sweep (
  sweep_id, account_id, stream, slice, started_at, duration_ms, outcome, error, requests, retries, pages,
  records, records_new, records_changed, records_gone, records_quarantined, unknown_fields
)
select
  sweep_id, account_id, stream, slice, started_at, duration_ms, outcome, error, requests, retries, pages,
  records, records_new, records_changed, records_gone, records_quarantined, unknown_fields
from withdrawn
