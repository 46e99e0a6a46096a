-- One row per account and stream that is expected, the most urgent first. Ages are by the real clock: what
-- was fresh at the last transform is stale when that is long ago.
with aged as (
  select
    stream.*,
    extract(epoch from now() - looked_at) / 3600 as hours_ago
  from mart.rpt_stream as stream
  where $__filtered(account, stream)
),
judged as (
  select
    account_id, stream,
    case when state <> 'never read' and hours_ago > stale_after_hours then 'stale' else state end
      as state,
    case when is_metering then 'yes' else 'no' end as rests,
    looked_at, hours_ago as age_hours, hours_ago / stale_after_hours as share_of_limit,
    records, quarantined, last_error
  from aged
)
select *
from judged
order by
  array_position(array['never read', 'stale', 'failing', 'fresh'], state),
  rests desc, share_of_limit desc, account_id collate "C", stream collate "C"
