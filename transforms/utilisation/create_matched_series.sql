-- One row per current series of a metric on a changed UTC day and resource that its label names: by the
-- resource's id, by the mapping file, or by the name that it had on that day (before a port, as exporters put
-- it). What names several resources names none.
create temporary table matched_series on commit drop as
with series as (
  select distinct
    sample.account_id as metrics_account, sample.metric, sample.usage_date, sample.series,
    sample.labels ->> metric.resource_label as label_value,
    metric.resource_by, metric.mapping
  from staging.stg_prometheus__sample as sample
  join reference.metric on metric.account_id = sample.account_id and metric.metric = sample.metric
  join changed_day on changed_day.usage_date = sample.usage_date
  where sample.ended_at is null
),
candidate as (
  select distinct series.metrics_account, series.metric, series.usage_date, series.series,
    resource.account_id, resource.resource_id
  from series
  join mart.dim_resource as resource on case series.resource_by
    when 'id' then resource.resource_id = series.label_value
    when 'file' then resource.resource_id = series.mapping ->> series.label_value
    else resource.name in (series.label_value, regexp_replace(series.label_value, ':\d+$', ''))
      and resource.valid_from < (series.usage_date + 1)::timestamp at time zone 'UTC'
      and coalesce(resource.valid_to, 'infinity') > series.usage_date::timestamp at time zone 'UTC'
      and coalesce(resource.started_at, resource.valid_from)
        < (series.usage_date + 1)::timestamp at time zone 'UTC'
      and coalesce(resource.ended_at, 'infinity') > series.usage_date::timestamp at time zone 'UTC'
  end
)
select metrics_account, metric, usage_date, series,
  min(account_id collate "C") as account_id, min(resource_id collate "C") as resource_id
from candidate
group by metrics_account, metric, usage_date, series
having count(distinct (account_id, resource_id)) = 1
