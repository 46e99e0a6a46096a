-- One row per version of a server's use in a month whose billable hours show how the provider rounds
-- up: once over the server's life (is_by_life), or anew from the start of the reported part. Only a
-- server that was delivered before that part can show it, where the two counts differ.
select
  usage.account_id,
  usage.version_id,
  usage.billable_hours = counted.hours_by_life as is_by_life
from staging.stg_flexmetal__usage as usage
cross join lateral (
  select
    ceil(extract(epoch from usage.usage_ended_at - usage.usage_started_at) / 3600)
      as hours_by_month,
    ceil(extract(epoch from usage.usage_ended_at - usage.delivered_at) / 3600)
      - ceil(extract(epoch from usage.usage_started_at - usage.delivered_at) / 3600)
      as hours_by_life
) as counted
where usage.delivered_at < usage.usage_started_at
  and counted.hours_by_month <> counted.hours_by_life
  and usage.billable_hours in (counted.hours_by_month, counted.hours_by_life)
