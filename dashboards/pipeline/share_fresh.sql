-- One row: the share of expected streams that were synced in time, by the real clock.
select
  avg(case
    when state = 'fresh' and now() - looked_at <= stale_after_hours * interval '1 hour' then 1
    else 0
  end) as value
from mart.rpt_stream
where $__filtered(account, stream)
