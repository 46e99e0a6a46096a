-- One row per sweep that was not completed: it failed, or the provider refused it (a credential may
-- not read that slice; this is no failure, as nothing is missed that could be had).
select
  started_at, account_id, stream, slice, outcome, error, requests, retries, duration_ms
from landing.sweep
where outcome <> 'complete'
