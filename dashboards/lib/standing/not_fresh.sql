-- One row: how many streams that charges rest on were never read, or not in time by the real clock.
select
  count(*) filter (
    where state in ('stale', 'never read') or now() - looked_at > stale_after_hours * interval '1 hour'
  ) as value
from mart.rpt_stream
where is_metering
