-- One row per billing term with a discount and UTC day of it: the term's discount spread over the
-- term as its gross cost runs up. Amounts are differences of a rounded cumulative amount, so that
-- the days of a term add up to its discount to the last unit.
--
-- The discount of a shown term is what its total is below its lines, or what it is assumed to be, which
-- may be wrong by all of it. Where it was reported in percent and is that to the cent, days have the percentage, whatever is added to the term later, and the
-- last day what the rounding to cents left.
with clock as (select :'now'::timestamptz as now),
scope_discount as (
  select
    scope.account_id, scope.resource_id, cloud.cloud_id, cloud.region_id,
    scope.from_date::timestamp at time zone 'UTC' as from_at
  from scope
  join intermediate.int_openmetal__cloud_life as cloud
    on cloud.account_id = scope.account_id and cloud.cloud_id || '/discount' = scope.resource_id
),
term as (
  select
    discount.resource_id, discount.region_id, discount.from_at, clock.now,
    series.*, span.*,
    (series.net_in_cents - series.gross_in_cents) * 0.01 as shown_amount,
    -- A total far above its lines says nothing about another term.
    least(
      (series.net_in_cents - series.gross_in_cents) / nullif(series.gross_in_cents, 0), 1
    ) as share,
    case
      when series.is_shown then series.term_key
      else concat_ws(
        '@', series.subscription_id, (extract(epoch from span.starts_at) * 1000000)::bigint
      )
    end as span_key
  from scope_discount as discount
  join intermediate.int_openmetal__term_series as series using (account_id, cloud_id)
  cross join clock
  cross join lateral generate_series(first_at, least(last_at, now), term_length) as step (at)
  cross join lateral (
    select
      greatest(step.at, series.activated_at) as starts_at,
      least(step.at + series.term_length, series.ends_by) as ends_at
  ) as span
  where series.gross_in_cents <> series.net_in_cents
    and span.starts_at < clock.now and span.ends_at > discount.from_at
    and (series.is_shown or span.ends_at - span.starts_at >= interval '24 hours')
),
-- Once, not once per asset.
kept as materialized (select * from intermediate.int_openmetal__kept_asset),
rate as materialized (select * from intermediate.int_openmetal__stated_rate),
-- What the total of a shown term does not cover came after the last look in it.
asset_term as (
  select
    term.account_id, term.cloud_id, term.span_key,
    rate.usd_per_hour,
    not term.is_shown or coalesce(stay.created_at > term.shown_until, false) as is_unseen,
    greatest(stay.created_at, term.activated_at, term.starts_at) as counted_from,
    least(term.ends_at, kept.kept_until - interval '1 microsecond') as counted_until
  from term
  join intermediate.int_openmetal__asset_stay as stay using (account_id, cloud_id)
  left join kept
    on term.is_shown
    and kept.account_id = stay.account_id and kept.cloud_id = stay.cloud_id
    and kept.resource_id = stay.resource_id and kept.life_key = stay.life_key
    and kept.term_key = term.term_key
  join rate
    on rate.account_id = stay.account_id and rate.resource_id = stay.resource_id
    and rate.cloud_id = stay.cloud_id
    and least(term.ends_at, stay.followed_at) > rate.valid_from
    and least(term.ends_at, stay.followed_at) <= rate.valid_to
  where stay.created_at < term.ends_at
    and coalesce(stay.removed_at > greatest(term.starts_at, term.activated_at), true)
),
term_gross as (
  select
    account_id, cloud_id, span_key,
    coalesce(sum(cost) filter (where not is_unseen), 0) as seen_cost,
    coalesce(sum(cost) filter (where is_unseen), 0) as unseen_cost
  from asset_term
  cross join lateral (
    select usd_per_hour * greatest(
      floor(extract(epoch from counted_until - counted_from) / 3600), 0
    ) as cost
  ) as whole
  group by account_id, cloud_id, span_key
),
-- The discount of a term that nobody looked at is taken to be its neighbour's, in proportion.
sized_term as (
  select
    term.*,
    case when is_shown then shown_amount else round(sized.unseen, 2) end as amount,
    case
      when not is_shown then share
      when abs(-stated_discount_share * gross_in_cents - (net_in_cents - gross_in_cents)) <= 1
        then -stated_discount_share
      else shown_amount / nullif(seen_cost, 0)
    end as rate,
    case when is_shown then coalesce(seen_cost, 0) else coalesce(unseen_cost, 0) end as whole_cost
  from term
  left join term_gross using (account_id, cloud_id, span_key)
  cross join lateral (
    select coalesce(share * unseen_cost, 0) as unseen
  ) as sized
),
-- The ends of the term's days, from the one before the scope on; the first is the term's start.
boundary as (
  select sized_term.*, edge.*
  from sized_term
  cross join lateral (
    select
      least(greatest((day.at at time zone 'UTC'), starts_at), ends_at) as boundary_at,
      least(now, ends_at, greatest((day.at at time zone 'UTC'), starts_at)) as counted_at
    from generate_series(
      (greatest(starts_at, from_at) at time zone 'UTC')::date::timestamp,
      (least(now, ends_at) at time zone 'UTC')::date::timestamp + interval '1 day',
      interval '1 day'
    ) as day (at)
  ) as edge
),
run_up as (
  select
    boundary.account_id, boundary.span_key, boundary.cloud_id, boundary.boundary_at,
    coalesce(sum(whole.cost) filter (where asset.is_unseen = not is_shown), 0) as cost,
    coalesce(sum(whole.cost) filter (where asset.is_unseen), 0) as unseen_cost
  from (
    select distinct account_id, cloud_id, span_key, is_shown, boundary_at, counted_at from boundary
  ) as boundary
  left join asset_term as asset using (account_id, cloud_id, span_key)
  cross join lateral (
    select asset.usd_per_hour * greatest(
      floor(extract(epoch from least(counted_at, asset.counted_until) - asset.counted_from) / 3600),
      0
    ) as cost
  ) as whole
  group by boundary.account_id, boundary.cloud_id, boundary.span_key, boundary.boundary_at
),
through as (
  select
    boundary.*,
    case
      when counted_at >= ends_at or cost >= whole_cost and whole_cost > 0 then amount
      else coalesce(round(rate * cost, 9), 0)
    end as amount_through,
    -- Doubt begins with the hours that no total covers, on their own days.
    coalesce(round(abs(share * unseen_cost), 9), 0) as uncertainty_through
  from boundary
  join run_up using (account_id, cloud_id, span_key, boundary_at)
),
day as (
  select
    through.*,
    lag(boundary_at) over boundaries as day_starts_at,
    amount_through - lag(amount_through) over boundaries as day_amount,
    uncertainty_through - lag(uncertainty_through) over boundaries as day_doubt
  from through
  window boundaries as (partition by account_id, cloud_id, span_key order by boundary_at)
),
doubted as (
  select day.*,
    day_doubt + case when is_shown and is_net_assumed then abs(day_amount) else 0 end
      as day_uncertainty
  from day
)
select
  account_id,
  'openmetal' as provider,
  concat_ws(
    '/', 'openmetal_discount', cloud_id, span_key, (day_starts_at at time zone 'UTC')::date
  ) as charge_key,
  resource_id,
  'term-discount' as meter,
  null::text as sku,
  region_id,
  (day_starts_at at time zone 'UTC')::date as charge_date,
  day_starts_at as charge_period_start,
  counted_at as charge_period_end,
  'start' as day_rule,
  case when amount < 0 then 'Credit' else 'Adjustment' end as charge_category,
  'Standard' as pricing_category,
  null::text as commitment_id,
  null::text as commitment_status,
  1::numeric as quantity,
  'Days' as unit,
  null::numeric as usage_hours,
  null::numeric as gpu_hours,
  day_amount as unit_price,
  'api:' || version_id as price_source,
  0::numeric as list_cost,
  day_amount as contracted_cost,
  day_amount as billed_cost,
  day_amount as effective_cost,
  'USD' as billing_currency,
  case when is_shown then 'metered' else 'derived' end as basis,
  day_uncertainty as uncertainty,
  array[version_id] as source_versions,
  now >= boundary_at as is_settled
from doubted
where day_starts_at < counted_at and (day_amount <> 0 or day_uncertainty <> 0)
