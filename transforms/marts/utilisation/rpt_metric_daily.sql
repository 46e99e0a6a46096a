-- One row per declared metric and UTC day that was read: its query and unit, its series, how many of them name
-- one resource, and their samples.
select
  daily.account_id, daily.metric, daily.usage_date, metric.query, metric.measure, metric.unit,
  daily.series, daily.matched_series, daily.sampled_hours, daily.hours_not_finite
from mart.metric_daily as daily
join reference.metric using (account_id, metric)
