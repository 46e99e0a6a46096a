-- One row per asset, billing term and UTC day with a whole hour that ended in it; per node and UTC
-- day where no subscription was shown to us; and per term with a discount.
--
-- Hours are whole hours since the asset's start in the term, so a day has the hours that ended in
-- it. An asset is owed until its term ends, also when it or its cloud is removed before.
with clock as (select :'now'::timestamptz as now),
scope_asset as (
  select
    asset.*, cloud.region_id, cloud.deleted_at,
    scope.from_date::timestamp at time zone 'UTC' as from_at
  from scope
  join intermediate.int_openmetal__asset as asset using (account_id, resource_id)
  join intermediate.int_openmetal__cloud_life as cloud using (account_id, cloud_id)
),
scope_discount as (
  select
    scope.account_id, scope.resource_id, cloud.cloud_id, cloud.region_id,
    scope.from_date::timestamp at time zone 'UTC' as from_at
  from scope
  join intermediate.int_openmetal__cloud_life as cloud
    on cloud.account_id = scope.account_id and cloud.cloud_id || '/discount' = scope.resource_id
),
scope_cloud as (
  select account_id, cloud_id, min(from_at) as from_at
  from (
    select account_id, cloud_id, from_at from scope_asset union all
    select account_id, cloud_id, from_at from scope_discount
  ) as resource
  group by account_id, cloud_id
),
-- The terms that overlap the scope, those that nobody looked at among them.
term as (
  select
    shown.account_id, shown.cloud_id, shown.version_id, shown.first_version_id,
    shown.gross_in_cents, shown.net_in_cents, span.is_shown, shown.is_announced,
    shown.activated_at, span.starts_at, span.ends_at, shown.term_length, shown.shown_until,
    -- Whether a further term began before the cloud was deleted cannot be known.
    shown.next_starts_at is null
      and shown.renews_until < span.ends_at
      and span.ends_at <= shown.deleted_at as may_have_renewed
  from scope_cloud
  join intermediate.int_openmetal__shown_term as shown using (account_id, cloud_id)
  cross join clock
  cross join lateral (
    select term_starts_at as starts_at, term_ends_at as ends_at, true as is_shown
    union all
    select step.at, least(step.at + term_length, next_starts_at), false
    from generate_series(term_ends_at, least(renews_until, now), term_length) as step (at)
    where renews_until is not null
      and (
        next_starts_at is null
        or (step.at at time zone 'UTC')::date < (next_starts_at at time zone 'UTC')::date
      )
    union all
    select greatest(step.at - term_length, activated_at), step.at, false
    from generate_series(
      term_starts_at, greatest(activated_at, scope_cloud.from_at), -term_length
    ) as step (at)
    where is_first and step.at > activated_at
  ) as span
  where span.starts_at < clock.now and span.ends_at > scope_cloud.from_at
),
asset_term as (
  select
    asset.account_id, asset.resource_id, asset.cloud_id, asset.region_id, asset.addon_code as sku,
    case asset.kind when 'server' then 'node' when 'ip block' then 'ip-block' else 'addon' end
      || '-hours' as meter,
    asset.from_at,
    (term.starts_at at time zone 'UTC')::date as span_date,
    greatest(asset.created_at, term.activated_at, term.starts_at) as counted_from,
    term.ends_at as counted_until,
    least(asset.removed_at, asset.deleted_at) as unused_from,
    term.is_announced as is_assumed,
    case
      when term.may_have_renewed and coalesce(asset.removed_at > term.ends_at, true)
        then floor(extract(epoch from term.term_length) / 3600)
      else 0
    end as uncertain_hours,
    term.first_version_id as context_version_id
  from scope_asset as asset
  join term using (account_id, cloud_id)
  where asset.created_at < term.ends_at
    and term.ends_at > asset.from_at
    and coalesce(asset.removed_at > greatest(term.starts_at, term.activated_at), true)
),
-- The rate of a term is the last one stated before its end, by the version that first stated it.
-- What is stated later only may have been another then, as other rates of the cloud were.
metered_asset as (
  select
    asset_term.*,
    case when is_assumed then 'derived' else 'metered' end as basis,
    rate.usd_per_hour,
    coalesce(rate.usd_per_hour * changed.share + 0.005, 0) as uncertain_usd_per_hour,
    rate.version_id as rate_version_id
  from asset_term
  cross join lateral (
    select stated.*, stated.seen_from >= asset_term.counted_until as is_later
    from intermediate.int_openmetal__stated_rate as stated
    where stated.account_id = asset_term.account_id
      and stated.resource_id = asset_term.resource_id
    order by
      stated.seen_from >= asset_term.counted_until,
      case when stated.seen_from < asset_term.counted_until then stated.seen_from end desc,
      stated.seen_from
    limit 1
  ) as rate
  cross join lateral (
    select max(stated.change_share) as share
    from intermediate.int_openmetal__stated_rate as stated
    where rate.is_later
      and stated.account_id = asset_term.account_id and stated.cloud_id = asset_term.cloud_id
      and stated.seen_from between asset_term.counted_until and rate.seen_from
  ) as changed
),
metered_node as (
  select
    stay.account_id, stay.resource_id, stay.cloud_id, stay.region_id,
    coalesce(stay.sku, stay.node_type) as sku,
    'node-hours' as meter,
    scope.from_date::timestamp at time zone 'UTC' as from_at,
    (stay.assigned_at at time zone 'UTC')::date as span_date,
    stay.charged_from as counted_from,
    stay.gone_at as counted_until,
    null::timestamptz as unused_from,
    stay.is_unread as is_assumed,
    floor(extract(epoch from stay.gone_at - stay.charged_from) / 3600) - floor(
      extract(epoch from greatest(stay.sure_until, stay.charged_from) - stay.charged_from) / 3600
    ) as uncertain_hours,
    stay.first_version_id as context_version_id,
    'derived' as basis,
    null::numeric as usd_per_hour,
    0::numeric as uncertain_usd_per_hour,
    null::bigint as rate_version_id
  from scope
  join intermediate.int_openmetal__node_stay as stay using (account_id, resource_id)
),
metered_day as (
  select
    metered.*, clock.now,
    day.at::date as charge_date,
    greatest(day.at at time zone 'UTC', counted_from) as part_starts_at,
    least((day.at + interval '1 day') at time zone 'UTC', counted_until) as part_ends_at
  from (select * from metered_asset union all select * from metered_node) as metered
  cross join clock
  cross join lateral generate_series(
    (greatest(counted_from, from_at) at time zone 'UTC')::date::timestamp,
    (least(clock.now, counted_until) at time zone 'UTC')::date::timestamp,
    interval '1 day'
  ) as day (at)
),
-- The catalogue's price is the one in force when the day began, or the first one known.
priced_day as (
  select
    metered_day.*,
    coalesce(metered_day.usd_per_hour, catalogue.usd_per_hour) as day_usd_per_hour,
    coalesce(metered_day.rate_version_id, catalogue.version_id) as price_version_id
  from metered_day
  left join lateral (
    select hardware.version_id, hardware.usd_per_hour
    from staging.stg_openmetal__hardware as hardware
    cross join lateral (
      select hardware.seen_from > metered_day.charge_date::timestamp at time zone 'UTC' as is_later
    ) as version
    where metered_day.basis = 'derived'
      and hardware.account_id = metered_day.account_id
      and hardware.record_key = metered_day.sku
      and hardware.slice = metered_day.region_id
    order by
      version.is_later,
      case when not version.is_later then hardware.seen_from end desc,
      hardware.seen_from
    limit 1
  ) as catalogue on true
),
counted as (
  select
    priced_day.*,
    coalesce(unused_from <= part_starts_at, false) as is_unused,
    floor(extract(epoch from counted_until - counted_from) / 3600) as hours_in_span,
    floor(extract(epoch from part_starts_at - counted_from) / 3600) as hours_before,
    floor(extract(epoch from least(now, part_ends_at) - counted_from) / 3600) as hours_through,
    floor(extract(epoch from least(now, part_ends_at, unused_from) - counted_from) / 3600)
      as used_hours_through
  from priced_day
),
hours_charge as (
  select
    account_id,
    concat_ws('/', 'openmetal', cloud_id, resource_id, span_date, charge_date) as charge_key,
    resource_id,
    meter || case when is_unused then '-after-removal' else '' end as meter,
    sku,
    region_id,
    charge_date,
    part_starts_at as charge_period_start,
    least(now, part_ends_at) as charge_period_end,
    'Usage' as charge_category,
    case when is_unused then 'Unused' end as commitment_status,
    hours_through - hours_before as quantity,
    'Hours' as unit,
    greatest(used_hours_through - hours_before, 0) as usage_hours,
    day_usd_per_hour as unit_price,
    coalesce(case when is_assumed then 'estimated:' else 'api:' end || price_version_id, 'missing')
      as price_source,
    coalesce(round((hours_through - hours_before) * day_usd_per_hour, 9), 0) as billed_cost,
    basis,
    -- What was never shown to have begun may cost nothing.
    coalesce(round(
      case when is_assumed then day_usd_per_hour else uncertain_usd_per_hour end
        * (hours_through - hours_before)
      + case when hours_through = hours_in_span then uncertain_hours * day_usd_per_hour else 0 end,
      9
    ), 0) as uncertainty,
    array_remove(array[price_version_id, context_version_id], null) as source_versions,
    now >= part_ends_at as is_settled
  from counted
  where hours_through > hours_before
),
ended_discount as (
  select
    scope_discount.resource_id, scope_discount.region_id, term.*,
    (term.net_in_cents - term.gross_in_cents) * 0.01 as shown_amount,
    (term.net_in_cents - term.gross_in_cents) / nullif(term.gross_in_cents, 0) as rate,
    ((term.ends_at - interval '1 microsecond') at time zone 'UTC')::date as last_day
  from scope_discount
  join term using (account_id, cloud_id)
  cross join clock
  where term.gross_in_cents <> term.net_in_cents
    and term.ends_at <= clock.now
    and term.ends_at > scope_discount.from_at
),
-- What the totals do not cover: all assets of a term that nobody looked at, and in one that was
-- shown those that came after the last look.
unseen as (
  select
    discount.account_id, discount.cloud_id, discount.starts_at,
    sum(
      asset.usd_per_hour * floor(
        extract(
          epoch from discount.ends_at
            - greatest(asset.created_at, discount.activated_at, discount.starts_at)
        ) / 3600
      )
    ) as amount
  from ended_discount as discount
  join intermediate.int_openmetal__asset as asset using (account_id, cloud_id)
  where asset.created_at < discount.ends_at
    and coalesce(asset.removed_at > greatest(discount.starts_at, discount.activated_at), true)
    and (not discount.is_shown or asset.created_at > discount.shown_until)
  group by discount.account_id, discount.cloud_id, discount.starts_at
),
-- The discount of a term that nobody looked at is taken to be its neighbour's, in proportion.
sized_discount as (
  select
    discount.*,
    case
      when is_shown then shown_amount
      else round(coalesce(rate * unseen.amount, 0), 2)
    end as amount,
    round(abs(coalesce(rate * unseen.amount, 0)), 9) as uncertainty
  from ended_discount as discount
  left join unseen using (account_id, cloud_id, starts_at)
),
discount_charge as (
  select
    account_id,
    concat_ws('/', 'openmetal', resource_id, (starts_at at time zone 'UTC')::date) as charge_key,
    resource_id,
    'term-discount' as meter,
    null::text as sku,
    region_id,
    last_day as charge_date,
    last_day::timestamp at time zone 'UTC' as charge_period_start,
    ends_at as charge_period_end,
    case when amount < 0 then 'Credit' else 'Adjustment' end as charge_category,
    null::text as commitment_status,
    1::numeric as quantity,
    'Terms' as unit,
    null::numeric as usage_hours,
    amount as unit_price,
    'api:' || version_id as price_source,
    round(amount, 9) as billed_cost,
    case when is_shown then 'metered' else 'derived' end as basis,
    uncertainty,
    array[version_id] as source_versions,
    true as is_settled
  from sized_discount
  where amount <> 0
)
select
  account_id, 'openmetal' as provider, charge_key, resource_id, meter, sku, region_id,
  charge_date, charge_period_start, charge_period_end, 'start' as day_rule,
  charge_category, 'Standard' as pricing_category,
  null::text as commitment_id, commitment_status, quantity, unit, usage_hours,
  case charge_category when 'Usage' then 0::numeric end as gpu_hours,
  unit_price, price_source,
  case charge_category when 'Usage' then billed_cost else 0 end as list_cost,
  billed_cost as contracted_cost, billed_cost, billed_cost as effective_cost,
  'USD' as billing_currency, basis, uncertainty, source_versions, is_settled
from (select * from hours_charge union all select * from discount_charge) as charge
