-- One row per resource, measure, device and hour with a value: its share of 0 to 1, or the GPUs that were
-- allocated. Two exporters of one device count once, by the larger value.
create temporary table device_hour on commit drop as
select
  matched.account_id, matched.resource_id, sample.hour_start, metric.measure, metric.unit,
  metric.device_label is not null as is_device,
  coalesce(sample.labels ->> metric.device_label, '') as device,
  case
    when metric.unit = 'gpus' then greatest(max(sample.value), 0)
    else least(greatest(max(case when metric.unit = 'percent' then sample.value / 100 else sample.value end), 0), 1)
  end as value
from matched_series as matched
join staging.stg_prometheus__sample as sample
  on sample.account_id = matched.metrics_account and sample.metric = matched.metric
  and sample.usage_date = matched.usage_date and sample.series = matched.series
  and sample.ended_at is null
join reference.metric on metric.account_id = sample.account_id and metric.metric = sample.metric
where sample.value is not null
group by
  matched.account_id, matched.resource_id, sample.hour_start, metric.measure, metric.unit,
  metric.device_label is not null, coalesce(sample.labels ->> metric.device_label, '')
