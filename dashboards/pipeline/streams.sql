-- One row per account and stream that is expected, the most urgent first.
select
  account_id, stream, state,
  case when is_metering then 'yes' else 'no' end as rests,
  looked_at, age_hours,
  age_hours / stale_after_hours as share_of_limit,
  records, quarantined, last_error
from mart.rpt_stream
where $__filtered(account, stream)
order by
  array_position(array['never read', 'stale', 'failing', 'fresh'], state),
  is_metering desc, age_hours / stale_after_hours desc
