-- What the changed days hold of each declared metric that was read, also where the answer was empty.
insert into mart.metric_daily as stored (
  account_id, metric, usage_date, series, matched_series, sampled_hours, hours_not_finite
)
with read_day as (
  select watermark.account_id, metric.metric, changed_day.usage_date
  from landing.watermark
  join reference.metric
    on metric.account_id = watermark.account_id and metric.metric = split_part(watermark.slice, '/', 1)
  join changed_day on changed_day.usage_date::text = split_part(watermark.slice, '/', 2)
  where watermark.stream = 'prometheus.samples'
),
sampled as (
  select sample.account_id, sample.metric, sample.usage_date, sample.series,
    count(sample.value) as sampled_hours,
    count(*) filter (where sample.value is null) as hours_not_finite
  from staging.stg_prometheus__sample as sample
  join changed_day on changed_day.usage_date = sample.usage_date
  where sample.ended_at is null
  group by sample.account_id, sample.metric, sample.usage_date, sample.series
)
select read_day.account_id, read_day.metric, read_day.usage_date,
  count(sampled.series), count(matched.series),
  coalesce(sum(sampled.sampled_hours), 0), coalesce(sum(sampled.hours_not_finite), 0)
from read_day
left join sampled using (account_id, metric, usage_date)
left join matched_series as matched
  on matched.metrics_account = sampled.account_id and matched.metric = sampled.metric
  and matched.usage_date = sampled.usage_date and matched.series = sampled.series
group by read_day.account_id, read_day.metric, read_day.usage_date
on conflict (account_id, metric, usage_date) do update set
  series = excluded.series,
  matched_series = excluded.matched_series,
  sampled_hours = excluded.sampled_hours,
  hours_not_finite = excluded.hours_not_finite
where stored is distinct from excluded
