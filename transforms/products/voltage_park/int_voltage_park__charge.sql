-- Desired charges of the scope: one row per transaction, month and UTC day. What a transaction has
-- cost so far in a month is a growing counter, known where a sweep saw it. At a midnight it is
-- interpolated by seconds between the observations on either side, and a day's amount is the
-- difference of two midnights, so that days add up to what was observed. An observation after the
-- end of the interval counts at the end. Nothing is extrapolated. A transaction without duration is
-- one charge on the day of its timestamp. Money back is a credit over the same stretch.
with bound as materialized (
  select
    account_id,
    case when isfinite(min(from_date)) then to_char(min(from_date)::timestamp, 'YYYY-MM')
      else '' end as from_slice
  from scope
  group by account_id
),
billed as materialized (
  select
    part.*,
    scope.from_date,
    greatest(part.part_start_at, scope.from_date::timestamp at time zone 'UTC') as from_at,
    :'now'::timestamptz >= part.month_end_at + interval '31 days' as is_final
  from bound
  cross join lateral (
    select current.*
    from intermediate.int_voltage_park__current_part as current
    where current.account_id = bound.account_id and current.slice >= bound.from_slice
      and current.kind <> 'deposit'
    offset 0 -- a look-up by itself, so that the months come from the index
  ) as part
  join scope on scope.account_id = part.account_id and scope.resource_id = part.resource_id
  where part.month_end_at > scope.from_date::timestamp at time zone 'UTC'
),
-- The last observation before the scope and all later ones, in the direction of the latest: what
-- had the other sign was taken back since.
observed as (
  select
    billed.account_id, billed.record_key, billed.slice, sight.version_id, sight.seen_from,
    greatest(sight.amount_usd * sign(billed.amount_usd), 0) as magnitude_usd,
    least(sight.seen_from, billed.part_end_at) as at
  from billed
  cross join lateral (
    (
      select part.version_id, part.seen_from, part.amount_usd
      from intermediate.int_voltage_park__billed_part as part
      where part.account_id = billed.account_id and part.record_key = billed.record_key
        and part.slice = billed.slice
        and part.seen_from > billed.part_start_at and part.seen_from <= billed.from_at
      order by part.seen_from desc
      limit 1
    )
    union all
    select part.version_id, part.seen_from, part.amount_usd
    from intermediate.int_voltage_park__billed_part as part
    where part.account_id = billed.account_id and part.record_key = billed.record_key
      and part.slice = billed.slice and part.seen_from > billed.from_at
  ) as sight
  where billed.has_duration
),
latest_at as (
  select distinct on (account_id, record_key, slice, at)
    account_id, record_key, slice, at, version_id, magnitude_usd
  from observed
  order by account_id, record_key, slice, at, seen_from desc, version_id desc
),
-- A counter cannot have been higher than it is later: what was restated down was never due.
point as (
  select
    account_id, record_key, slice, at, version_id,
    min(magnitude_usd) over (
      partition by account_id, record_key, slice order by at desc
    ) as cumulative_usd
  from (
    select account_id, record_key, slice, at, version_id, magnitude_usd from latest_at
    union all
    select account_id, record_key, slice, part_start_at, null, 0 from billed where has_duration
  ) as known
),
-- Between two observations the counter grows evenly.
segment as (
  select
    point.*,
    lead(at) over following as next_at,
    lead(cumulative_usd) over following - cumulative_usd as growth_usd,
    lead(version_id) over following as next_version_id,
    max(at) over (partition by account_id, record_key, slice) as last_at
  from point
  window following as (partition by account_id, record_key, slice order by at)
),
-- One row per segment and UTC day. An edge of the day inside a segment rests on the observations on
-- either side, one at an observation on that alone.
piece as (
  select
    account_id, record_key, slice, midnight, edge.started_at, edge.stopped_at,
    round(
      cumulative_usd + growth_usd * extract(epoch from edge.stopped_at - at)
        / extract(epoch from next_at - at),
      9
    ) - round(
      cumulative_usd + growth_usd * extract(epoch from edge.started_at - at)
        / extract(epoch from next_at - at),
      9
    ) as magnitude_usd,
    case when edge.started_at = edge.day_from_at then version_id end as start_version_id,
    case when edge.started_at = edge.day_from_at and edge.started_at > at then next_version_id end
      as start_next_version_id,
    case when edge.stopped_at = edge.day_until_at and edge.stopped_at < next_at then version_id end
      as stop_version_id,
    case when edge.stopped_at = edge.day_until_at then next_version_id end as stop_next_version_id
  from segment
  join (select account_id, record_key, slice, from_at from billed) as wanted
    using (account_id, record_key, slice)
  cross join lateral generate_series(
    date_trunc('day', greatest(at, from_at) at time zone 'UTC'),
    next_at at time zone 'UTC',
    interval '1 day'
  ) as midnight
  cross join lateral (
    select
      greatest(from_at, midnight at time zone 'UTC') as day_from_at,
      least(last_at, (midnight + interval '1 day') at time zone 'UTC') as day_until_at
  ) as day
  cross join lateral (
    select day.*, greatest(at, day_from_at) as started_at, least(next_at, day_until_at) as stopped_at
  ) as edge
  where edge.started_at < edge.stopped_at
),
stretch as (
  select
    account_id, record_key, slice,
    min(started_at) as started_at,
    max(stopped_at) as stopped_at,
    sum(magnitude_usd) as magnitude_usd,
    array_agg(start_version_id) || array_agg(start_next_version_id)
      || array_agg(stop_version_id) || array_agg(stop_next_version_id) as versions
  from piece
  group by account_id, record_key, slice, midnight
),
daily as (
  select
    billed.account_id, billed.record_key, billed.slice, billed.resource_id, billed.kind,
    billed.meter, billed.direction, billed.is_refund,
    billed.kind = 'cost' and not billed.is_refund as is_usage, billed.doubt_share, stretch.magnitude_usd,
    stretch.versions,
    stretch.started_at, stretch.stopped_at,
    billed.is_final or stretch.stopped_at >= billed.part_end_at
      or stretch.stopped_at = date_trunc('day', stretch.stopped_at at time zone 'UTC')
        at time zone 'UTC' as is_settled
  from stretch
  join billed using (account_id, record_key, slice)
  union all
  select
    billed.account_id, billed.record_key, billed.slice, billed.resource_id, billed.kind,
    billed.meter, billed.direction, billed.is_refund,
    billed.kind = 'cost' and not billed.is_refund, billed.doubt_share, billed.magnitude_usd,
    array[billed.version_id],
    billed.stamped_at, least(billed.stamped_at + interval '1 second', next_day.at),
    billed.is_final or billed.closed_at is not null
      or (billed.interval_start_at is null and :'now'::timestamptz >= next_day.at)
  from billed
  cross join lateral (
    select (date_trunc('day', billed.stamped_at at time zone 'UTC') + interval '1 day')
      at time zone 'UTC' as at
  ) as next_day
  where not billed.has_duration and billed.magnitude_usd <> 0
    and billed.stamped_at >= billed.from_date::timestamp at time zone 'UTC'
),
-- What the inventory says of the resources from the scope on.
listed as (
  select specification.*
  from (
    select distinct account_id, resource_id, from_date::timestamp at time zone 'UTC' as from_at
    from billed
  ) as wanted
  cross join lateral (
    select described.*
    from intermediate.int_voltage_park__specification as described
    where described.account_id = wanted.account_id
      and described.resource_id = wanted.resource_id and described.valid_to > wanted.from_at
    offset 0 -- a look-up by itself, so that the versions come from the index
  ) as specification
),
described as (
  select
    daily.*,
    (daily.started_at at time zone 'UTC')::date as charge_date,
    daily.direction * daily.magnitude_usd as cost_usd,
    case daily.meter
      when 'adjustment' then 1
      else round(extract(epoch from daily.stopped_at - daily.started_at) / 3600, 9)
    end as quantity,
    (
      select array_agg(distinct id order by id) from unnest(daily.versions) as id
      where id is not null
    ) as source_versions,
    listed.sku, listed.gpu_count, listed.pricing_category, location.region_id,
    listed.version_id as listed_version_id,
    case when daily.is_usage then
      case daily.meter
        when 'vm-hours' then listed.compute_usd_per_hour
        when 'bare-metal-hours' then listed.compute_usd_per_hour
        when 'vm-storage-hours' then listed.disk_usd_per_hour
        when 'storage-hours' then listed.storage_usd_per_hour
      end
    end as listed_usd_per_hour
  from daily
  left join listed
    on listed.account_id = daily.account_id and listed.resource_id = daily.resource_id
    and daily.started_at >= listed.valid_from and daily.started_at < listed.valid_to
  left join intermediate.int_voltage_park__host_node_location as location
    on location.account_id = listed.account_id and location.host_node_id = listed.host_node_id
)
select
  account_id,
  'voltage-park' as provider,
  format('voltage_park/%s/%s/%s', record_key, slice, charge_date) as charge_key,
  resource_id,
  meter,
  sku,
  region_id,
  charge_date,
  started_at as charge_period_start,
  stopped_at as charge_period_end,
  'start' as day_rule,
  case
    when is_usage then 'Usage'
    when is_refund or (kind = 'payout' and cost_usd <= 0) or (kind = 'other' and cost_usd < 0)
      then 'Credit'
    else 'Adjustment'
  end as charge_category,
  case when is_usage then coalesce(pricing_category, 'Standard') else 'Other' end
    as pricing_category,
  null::text as commitment_id,
  null::text as commitment_status,

  quantity,
  case meter when 'adjustment' then 'Transactions' else 'Hours' end as unit,
  case when is_usage then quantity else 0 end as usage_hours,
  case when is_usage and meter in ('vm-hours', 'bare-metal-hours')
    then quantity * gpu_count else 0 end as gpu_hours,
  coalesce(listed_usd_per_hour, round(cost_usd / nullif(quantity, 0), 15)) as unit_price,
  case
    when kind = 'unclassified' then 'unclassified'
    when listed_usd_per_hour is not null then format('api:%s', listed_version_id)
    else format('api:%s', source_versions[cardinality(source_versions)])
  end as price_source,
  cost_usd as list_cost,
  cost_usd as contracted_cost,
  cost_usd as billed_cost,
  cost_usd as effective_cost,
  'USD' as billing_currency,
  'billed' as basis,
  doubt_share * magnitude_usd as uncertainty,

  source_versions,
  is_settled
from described
