-- One row per account, stream and UTC hour in which sweeps of it began: how many, how they went and
-- how long they took, as of the last refresh of the reports. A retry answers a 429, a 5xx or a
-- broken connection.
select
  account_id, stream, hour_start, sweeps, failed, denied, requests, retries, records_changed,
  records_quarantined, duration_ms, longest_ms
from mart.sweep_hour
