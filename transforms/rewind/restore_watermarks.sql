-- The last complete sweep of each slice as it was at :'to': one row per slice that had one. Its bytes
-- are not known any more, so the next sweep compares record by record.
with last_complete as (
  select distinct on (account_id, stream, slice)
    account_id, stream, slice, started_at, sweep_id, records
  from landing.sweep
  where outcome = 'complete' and started_at <= :'to'
  order by account_id, stream, slice, started_at desc,
    sweep_id desc
)
update landing.watermark
set complete_at = last_complete.started_at, sweep_id = last_complete.sweep_id, pages_hash = '',
  records = last_complete.records
from last_complete
where watermark.account_id = last_complete.account_id
  and watermark.stream = last_complete.stream and watermark.slice = last_complete.slice
  and watermark.complete_at > :'to'
