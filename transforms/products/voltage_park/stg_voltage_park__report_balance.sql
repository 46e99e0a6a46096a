-- One row per version of the prepaid balance over one UTC calendar month; the slice is the month.
select
  version.account_id,
  version.slice,
  version.record_key,
  version.version_id,

  (version.payload ->> 'balance_at_period_start')::numeric as opening_balance_usd,
  (version.payload ->> 'balance_delta_in_period')::numeric as change_usd,
  (version.payload ->> 'balance_at_period_end')::numeric as closing_balance_usd,

  (version.slice || '-01T00:00:00Z')::timestamptz as month_start_at,
  version.seen_from,
  version.seen_to,
  version.ended_at,
  version.ended_because
from landing.version as version
where version.entity = 'voltage_park.report_balance'
