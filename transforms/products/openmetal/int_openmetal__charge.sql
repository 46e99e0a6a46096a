-- One row per asset, life, billing term and UTC day with a whole hour that ended in it; two rows on
-- the day of a removal, for the hours before it and after it.
--
-- Hours are whole hours since the asset's start in the term, so a day has the hours that ended in
-- it. An asset is owed until its term ends, also when it or its cloud is removed before, unless the
-- bill's total covers less.
with clock as (select :'now'::timestamptz as now),
scope_asset as (
  select stay.*, scope.from_date::timestamp at time zone 'UTC' as from_at
  from scope
  cross join lateral (
    select *
    from intermediate.int_openmetal__asset_stay as stay
    where stay.account_id = scope.account_id and stay.resource_id = scope.resource_id
    offset 0
  ) as stay
),
scope_cloud as (
  select account_id, cloud_id, min(from_at) as from_at
  from scope_asset
  group by account_id, cloud_id
),
-- Once, not once per asset.
kept as materialized (select * from intermediate.int_openmetal__kept_asset),
rate as materialized (select * from intermediate.int_openmetal__stated_rate),
-- The terms that overlap the scope, those that nobody looked at among them.
term as (
  select
    series.*, clock.now, span.*, cloud.region_id,
    case
      when series.is_shown then series.term_key
      else concat_ws(
        '@', series.subscription_id, (extract(epoch from span.starts_at) * 1000000)::bigint
      )
    end as span_key,
    -- A piece before the first term that was shown, shorter than a term, may be free.
    series.is_announced or step.at < span.starts_at as is_assumed,
    -- Whether a further term began before the cloud was deleted cannot be known.
    series.next_starts_at is null
      and series.renews_until < span.ends_at
      and span.ends_at <= series.deleted_at as may_have_renewed
  from scope_cloud
  join intermediate.int_openmetal__term_series as series using (account_id, cloud_id)
  join intermediate.int_openmetal__cloud_life as cloud using (account_id, cloud_id)
  cross join clock
  cross join lateral generate_series(first_at, least(last_at, now), term_length) as step (at)
  cross join lateral (
    select
      greatest(step.at, series.activated_at) as starts_at,
      least(step.at + series.term_length, series.ends_by) as ends_at
  ) as span
  where span.starts_at < clock.now and span.ends_at > scope_cloud.from_at
    and (series.is_shown or span.ends_at - span.starts_at >= interval '24 hours')
),
-- What is stated only after a term may have been another then, as other rates of the cloud were, or
-- any where no rate of the cloud was stated by then.
late_change as (
  select
    term.account_id, term.cloud_id, term.span_key, late.seen_from,
    case
      when bool_or(stated.seen_from < term.ends_at)
        then max(stated.change_share) filter (where stated.seen_from >= term.ends_at)
      else 1
    end as share
  from term
  join (
    select distinct account_id, cloud_id, seen_from from rate where valid_from = '-infinity'
  ) as late
    on late.account_id = term.account_id and late.cloud_id = term.cloud_id
    and late.seen_from >= term.ends_at
  join rate as stated
    on stated.account_id = term.account_id and stated.cloud_id = term.cloud_id
    and stated.seen_from <= late.seen_from
  group by term.account_id, term.cloud_id, term.span_key, late.seen_from
),
asset_term as (
  select
    asset.account_id, asset.resource_id, asset.cloud_id, asset.life_key, asset.addon_code,
    asset.kind, asset.from_at,
    term.now, term.span_key, term.region_id, term.is_assumed, term.first_version_id,
    term.is_shown,
    greatest(asset.created_at, term.activated_at, term.starts_at) as counted_from,
    least(term.ends_at, kept.kept_until - interval '1 microsecond') as counted_until,
    least(asset.removed_at, term.deleted_at) as unused_from,
    -- What the bill's total leaves out of the term, where it may have left out another asset's hours.
    case when kept.is_spread then term.ends_at end as spread_until,
    -- From here on nobody may owe it: it was gone, and no look at the bill has said what that costs.
    case
      when term.is_assumed then '-infinity'
      else least(
        case
          when kept.kept_until is null and coalesce(
            term.confirmed_until < asset.removed_at or term.confirmed_until <= asset.sure_until, true
          ) then asset.sure_until
        end,
        case
          when term.deleted_at is not null and coalesce(term.confirmed_until < term.deleted_at, true)
            then coalesce(term.alive_until, '-infinity')
        end,
        case when kept.is_spread then least(asset.removed_at, term.deleted_at) end
      )
    end as doubtful_from,
    case
      when term.may_have_renewed and coalesce(asset.removed_at > term.ends_at, true)
        then floor(extract(epoch from term.term_length) / 3600)
      else 0
    end as renewal_hours,
    rate.usd_per_hour,
    rate.version_id as rate_version_id,
    coalesce(rate.usd_per_hour * changed.share + 0.005, 0) as uncertain_usd_per_hour
  from scope_asset as asset
  join term using (account_id, cloud_id)
  left join kept
    on term.is_shown
    and kept.account_id = asset.account_id and kept.cloud_id = asset.cloud_id
    and kept.resource_id = asset.resource_id and kept.life_key = asset.life_key
    and kept.term_key = term.term_key
  join rate
    on rate.account_id = asset.account_id and rate.resource_id = asset.resource_id
    and rate.cloud_id = asset.cloud_id
    and least(term.ends_at, asset.followed_at) > rate.valid_from
    and least(term.ends_at, asset.followed_at) <= rate.valid_to
  left join late_change as changed
    on changed.account_id = asset.account_id and changed.cloud_id = asset.cloud_id
    and changed.span_key = term.span_key and changed.seen_from = rate.seen_from
  where asset.created_at < term.ends_at
    and term.ends_at > asset.from_at
    and coalesce(asset.removed_at > greatest(term.starts_at, term.activated_at), true)
),
-- Before the removal and after it.
part as (
  select asset_term.*, half.*
  from asset_term
  cross join lateral (
    values
      (false, counted_from, least(unused_from, counted_until)),
      (true, greatest(unused_from, counted_from), case when unused_from is not null then
        counted_until end)
  ) as half (is_unused, half_from, half_until)
  where half_from < half_until
),
part_day as (
  select
    part.*,
    day.at::date as charge_date,
    greatest(day.at at time zone 'UTC', half_from) as starts_at,
    least((day.at + interval '1 day') at time zone 'UTC', half_until) as ends_at
  from part
  cross join lateral generate_series(
    (greatest(half_from, from_at) at time zone 'UTC')::date::timestamp,
    (least(now, half_until) at time zone 'UTC')::date::timestamp,
    interval '1 day'
  ) as day (at)
),
counted as (
  select
    part_day.*, hour.*,
    greatest(
      hours_through - floor(
        extract(epoch from greatest(doubtful_from, starts_at) - counted_from) / 3600
      ),
      0
    ) as doubtful_hours,
    coalesce(floor(extract(epoch from spread_until - counted_from) / 3600) - hours_in_term, 0)
      as hours_left_out
  from part_day
  cross join lateral (
    select
      floor(extract(epoch from counted_until - counted_from) / 3600) as hours_in_term,
      floor(extract(epoch from starts_at - counted_from) / 3600) as hours_before,
      floor(extract(epoch from least(now, ends_at) - counted_from) / 3600) as hours_through
  ) as hour
  where hour.hours_through > hour.hours_before
),
charge as (
  select
    counted.*,
    hours_through - hours_before as hours,
    case
      when doubtful_from is null then 0
      when doubtful_from <= starts_at then hours_through - hours_before
      when doubtful_from < ends_at then doubtful_hours
      else 0
    end as hours_in_doubt
  from counted
)
select
  account_id,
  'openmetal' as provider,
  concat_ws(
    '/', 'openmetal', cloud_id, resource_id, life_key, span_key, charge_date,
    case when is_unused then 'after-removal' end
  ) as charge_key,
  resource_id,
  case kind when 'server' then 'node' when 'ip block' then 'ip-block' else 'addon' end
    || '-hours' || case when is_unused then '-after-removal' else '' end as meter,
  addon_code as sku,
  region_id,
  charge_date,
  starts_at as charge_period_start,
  least(now, ends_at) as charge_period_end,
  'start' as day_rule,
  'Usage' as charge_category,
  'Standard' as pricing_category,
  null::text as commitment_id,
  case when is_unused then 'Unused' end as commitment_status,
  hours as quantity,
  'Hours' as unit,
  case when is_unused then 0 else hours end as usage_hours,
  0::numeric as gpu_hours,
  usd_per_hour as unit_price,
  case when is_assumed then 'estimated:' else 'api:' end || rate_version_id as price_source,
  round(hours * usd_per_hour, 9) as list_cost,
  round(hours * usd_per_hour, 9) as contracted_cost,
  round(hours * usd_per_hour, 9) as billed_cost,
  round(hours * usd_per_hour, 9) as effective_cost,
  'USD' as billing_currency,
  case when is_assumed then 'derived' else 'metered' end as basis,
  round(
    hours_in_doubt * usd_per_hour
      + (hours - hours_in_doubt) * uncertain_usd_per_hour
      + case
        when hours_through = hours_in_term then (renewal_hours + hours_left_out) * usd_per_hour
        else 0
      end,
    9
  ) as uncertainty,
  array[rate_version_id, first_version_id] as source_versions,
  now >= ends_at as is_settled
from charge
