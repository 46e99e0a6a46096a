-- Running cost that no transaction covers yet: one row per machine, meter, UTC day and inventory
-- version. Within a month it begins where the coverage of the last seen amounts ends and runs at the
-- rate of the version in force. So is a hole between two told transactions of one instance, whose
-- own one is late. It is an accrual that gives way to the transaction. 31 days after its month it
-- settles, but only what ran after the last reading of the month's report, or what that charges on
-- this meter not at all: the rest the report has left out for good.
with wanted as materialized (
  select account_id, resource_id, from_date::timestamp at time zone 'UTC' as from_at
  from scope
),
bound as materialized (
  select
    account_id,
    case when isfinite(min(from_at))
      then to_char(min(from_at) at time zone 'UTC' - interval '1 month', 'YYYY-MM')
      else '' end as from_slice
  from wanted
  group by account_id
),
hole as (
  select part.*, wanted.from_at
  from bound
  cross join lateral (
    select current.*
    from intermediate.int_voltage_park__hole as current
    where current.account_id = bound.account_id and current.slice >= bound.from_slice
    offset 0 -- a look-up by itself, so that the months come from the index
  ) as part
  join wanted
    on wanted.account_id = part.account_id and wanted.resource_id = part.resource_id
),
covered as (
  select month.*
  from bound
  cross join lateral (
    select current.*
    from intermediate.int_voltage_park__covered_month as current
    where current.account_id = bound.account_id and current.slice >= bound.from_slice
    offset 0
  ) as month
  join wanted
    on wanted.account_id = month.account_id and wanted.resource_id = month.resource_id
),
listed as (
  select span.*, wanted.from_at
  from wanted
  cross join lateral (
    select rate.*
    from intermediate.int_voltage_park__rate_span as rate
    where rate.account_id = wanted.account_id and rate.resource_id = wanted.resource_id
      and coalesce(rate.next_seen_from, 'infinity') > wanted.from_at
    offset 0 -- a look-up by itself, so that the versions come from the index
  ) as span
),
listed_day as (
  select
    listed.*,
    day.start_at,
    least(listed.ended_at, :'now'::timestamptz, day.end_at) as stopped_at,
    day.date as charge_date,
    date_trunc('month', day.date::timestamp) at time zone 'UTC' as month_at,
    (date_trunc('month', day.date::timestamp) + interval '1 month') at time zone 'UTC'
      as month_end_at
  from listed
  cross join lateral generate_series(
    date_trunc(
      'day',
      greatest(coalesce(listed.former_known_until, listed.valid_from), listed.from_at)
        at time zone 'UTC'
    ),
    least(listed.ended_at, :'now'::timestamptz) at time zone 'UTC',
    interval '1 day'
  ) as midnight
  cross join lateral (
    select
      midnight::date as date,
      midnight at time zone 'UTC' as start_at,
      (midnight + interval '1 day') at time zone 'UTC' as end_at
  ) as day
  where listed.owed_usd_per_hour > 0
),
-- The bill is as the month's own report says, else as the one before. A version that was not seen
-- again since its transaction closed has probably ended with it: nothing, but that can be wrong until
-- a report read after its end says no more. The version that follows then holds from that instant on.
-- Of a final month that its report charges, only what ran after the last reading is left.
billed_day as (
  select
    day.*,
    greatest(
      day.start_at,
      standing.covered_until,
      case when standing.is_closed and standing.covered_until >= day.former_known_until
        and standing.covered_until < day.valid_from then standing.covered_until
        else day.valid_from end,
      case when final.is_final and own.slice is not null then look.complete_at end
    ) as from_instant,
    coalesce(standing.is_closed and day.known_until <= standing.covered_until, false)
      as has_probably_ended,
    coalesce(day.ended_at <= look.complete_at, false) as is_told,
    final.is_final
  from listed_day as day
  cross join lateral (
    select :'now'::timestamptz >= day.month_end_at + interval '31 days' as is_final
  ) as final
  left join covered as own
    on own.account_id = day.account_id and own.resource_id = day.resource_id
    and own.meter = day.meter and own.month_at = day.month_at
  left join covered as former
    on former.account_id = day.account_id and former.resource_id = day.resource_id
    and former.meter = day.meter and former.month_end_at = day.month_at
  cross join lateral (
    select
      coalesce(own.covered_until, former.covered_until) as covered_until,
      coalesce(own.is_closed, former.is_closed) as is_closed
  ) as standing
  left join staging.stg_voltage_park__look as look
    on look.account_id = day.account_id and look.stream = 'voltage_park.monthly_report'
    and look.slice = to_char(day.month_at at time zone 'UTC', 'YYYY-MM')
),
uncovered as (
  select account_id, resource_id, meter, version_id, host_node_id, sku, pricing_category, gpu_count,
    owed_usd_per_hour, next_owed_usd_per_hour, charge_date, from_instant, stopped_at,
    has_probably_ended, is_final, null as hole_before
  from billed_day
  where from_instant < stopped_at and not (has_probably_ended and is_told)
),
-- A version holds until the next one, listed in between or not, and the first one before it too: the
-- instance went on. What no listing shows, such as storage under billing instances, costs what its
-- own instance charges elsewhere in the month.
hole_rate as (
  select hole.*, listed.version_id, listed.host_node_id, listed.sku, listed.pricing_category,
    listed.gpu_count, listed.owed_usd_per_hour, listed.next_owed_usd_per_hour,
    case when not listed.is_first then listed.valid_from end as rate_from,
    listed.next_seen_from as rate_until
  from hole
  join listed
    on listed.account_id = hole.account_id and listed.resource_id = hole.resource_id
    and listed.meter = hole.meter
  union all
  select hole.*, hole.instance_version_id, null, null, 'Standard', null, hole.instance_usd_per_hour,
    null, null, null
  from hole
  where not exists (
    select from listed
    where listed.account_id = hole.account_id and listed.resource_id = hole.resource_id
      and listed.meter = hole.meter
  )
),
-- A part that was opened late may pay for the hole before it; what its month does not tell beyond is
-- no hole. A hole lies before a reading of its month, so that none is left when the month is final.
hole_day as (
  select hole.account_id, hole.resource_id, hole.meter, hole.version_id, hole.host_node_id,
    hole.sku, hole.pricing_category, hole.gpu_count, hole.owed_usd_per_hour,
    hole.next_owed_usd_per_hour, day.date as charge_date, span.from_instant, span.stopped_at,
    false as has_probably_ended, false as is_final, hole.record_key as hole_before
  from hole_rate as hole
  cross join lateral generate_series(
    date_trunc('day', greatest(hole.hole_from, hole.rate_from, hole.from_at) at time zone 'UTC'),
    least(hole.part_start_at, hole.rate_until, :'now'::timestamptz) at time zone 'UTC',
    interval '1 day'
  ) as midnight
  cross join lateral (
    select
      midnight::date as date,
      date_trunc('month', midnight) at time zone 'UTC' as month_at,
      (date_trunc('month', midnight) + interval '1 month') at time zone 'UTC' as month_end_at
  ) as day
  join covered
    on covered.account_id = hole.account_id and covered.resource_id = hole.resource_id
    and covered.meter = hole.meter and covered.month_at = day.month_at
  cross join lateral (
    select
      greatest(hole.hole_from, hole.rate_from, midnight at time zone 'UTC') as from_instant,
      least(
        hole.part_start_at, hole.rate_until, covered.covered_until, :'now'::timestamptz,
        (midnight + interval '1 day') at time zone 'UTC'
      ) as stopped_at
  ) as span
  where hole.owed_usd_per_hour > 0
    and :'now'::timestamptz < day.month_end_at + interval '31 days'
    and span.from_instant < span.stopped_at
    and hole.magnitude_usd < hole.owed_usd_per_hour / 3600 * (
      extract(epoch from hole.covered_until - hole.part_start_at)
      + extract(epoch from hole.part_start_at - hole.hole_from) / 2
    )
),
estimated as (
  select
    uncovered.*,
    round(extract(epoch from stopped_at - from_instant) / 3600, 9) as open_hours,
    case when has_probably_ended then 0
      else round(extract(epoch from stopped_at - from_instant) / 3600, 9) end as quantity
  from (select * from uncovered union all select * from hole_day) as uncovered
),
priced as (
  select
    estimated.*,
    location.region_id,
    round(quantity * owed_usd_per_hour, 9) as cost_usd,
    -- It may not have run at all; where the next look shows a higher rate, that may have held.
    round(
      open_hours * greatest(owed_usd_per_hour, next_owed_usd_per_hour - owed_usd_per_hour), 9
    ) as uncertainty_usd
  from estimated
  left join intermediate.int_voltage_park__host_node_location as location
    on location.account_id = estimated.account_id
    and location.host_node_id = estimated.host_node_id
)
select
  account_id,
  'voltage-park' as provider,
  format('voltage_park_estimate/%s/%s/%s/%s', resource_id, meter, charge_date, version_id)
    || coalesce('/before/' || hole_before, '') as charge_key,
  resource_id,
  meter,
  sku,
  region_id,
  charge_date,
  from_instant as charge_period_start,
  stopped_at as charge_period_end,
  'start' as day_rule,
  'Usage' as charge_category,
  pricing_category,
  null::text as commitment_id,
  null::text as commitment_status,

  quantity,
  'Hours' as unit,
  quantity as usage_hours,
  case when meter in ('vm-hours', 'bare-metal-hours') then quantity * gpu_count else 0 end
    as gpu_hours,
  owed_usd_per_hour as unit_price,
  format('estimated:%s', version_id) as price_source,
  cost_usd as list_cost,
  cost_usd as contracted_cost,
  cost_usd as billed_cost,
  cost_usd as effective_cost,
  'USD' as billing_currency,
  'derived' as basis,
  uncertainty_usd as uncertainty,

  array[version_id] as source_versions,
  is_final as is_settled
from priced
