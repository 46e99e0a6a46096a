-- One row per UTC day whose use may be another than at the last refresh: days with samples landed or charges
-- posted since (a day of margin, since clocks of runs overlap), and the last days, whose costs still accrue.
-- Without an earlier refresh: every day.
create temporary table changed_day on commit drop as
with last_refresh as (
  select
    coalesce(max(refreshed_at), '-infinity') as refreshed_at,
    coalesce(max(refreshed_at), '-infinity') - interval '1 day' as since
  from mart.utilisation_state
)
select distinct split_part(version.slice, '/', 2)::date as usage_date
from last_refresh, landing.version as version
where version.entity = 'prometheus.series'
  and version.account_id in (select account_id from reference.metric)
  and (version.seen_from > since or version.ended_at > since)
union
select split_part(watermark.slice, '/', 2)::date
from last_refresh, landing.watermark
where watermark.stream = 'prometheus.samples' and watermark.complete_at > since
union
select generate_series(
  charge.charge_date::timestamp,
  greatest(charge.charge_date, (charge.charge_period_end at time zone 'UTC')::date)::timestamp,
  interval '1 day'
)::date
from last_refresh, ledger.run
join ledger.charge using (run_id)
where run.clock_at > since
union
select cost_date
from last_refresh, mart.fct_cost_daily
where cost_date >= (least(since, :'now') at time zone 'UTC')::date - 1
