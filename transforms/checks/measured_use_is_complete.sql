-- Notice: of these metrics a day of the last week has no series, no usable value, or labels that name no resource.
-- What they measure counts as unknown there, never as idle: check the query, the labels and the mapping file.
select
  account_id,
  metric,
  min(usage_date) as first_day,
  max(usage_date) as last_day,
  count(*) filter (where series = 0) as days_without_series,
  sum(series - matched_series) as series_not_matched,
  sum(hours_not_finite) as hours_not_finite
from mart.rpt_metric_daily
where usage_date >= (select (clock_at at time zone 'UTC')::date - 7 from mart.transform_state)
  and (series = 0 or matched_series < series or hours_not_finite > 0)
group by account_id, metric
order by account_id collate "C", metric collate "C"
