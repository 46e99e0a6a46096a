-- One row per node or IP block without a bill, phase of its stay and UTC day with a whole hour that
-- ended in it: the catalogue's long-term rate in force when the day began, or the first one known.
--
-- It is a guess and may be wrong by all it costs: nobody told the rate, the discount or the length
-- of the trial. What is taken to be free may cost as much as the rest: the trial, and the 30 days
-- after the stay, which a term that ran then may still charge for.
with clock as (select :'now'::timestamptz as now),
stay as (
  select
    unread.*, clock.now, scope.from_date::timestamp at time zone 'UTC' as from_at
  from scope
  join intermediate.int_openmetal__unread_stay as unread using (account_id, resource_id)
  cross join clock
),
phase as (
  select stay.*, phase.*
  from stay
  cross join lateral (
    values
      ('trial', starts_at, least(paid_from, gone_at)),
      ('paid', paid_from, gone_at),
      ('after-removal', gone_at, case when gone_at is not null then
        gone_at + interval '720 hours' end)
  ) as phase (phase, counted_from, counted_until)
  where counted_from is not null and coalesce(counted_from < counted_until, true)
),
day as (
  select
    phase.*,
    day.at::date as charge_date,
    greatest(day.at at time zone 'UTC', counted_from) as day_starts_at,
    least((day.at + interval '1 day') at time zone 'UTC', counted_until) as day_ends_at
  from phase
  cross join lateral generate_series(
    (greatest(counted_from, from_at) at time zone 'UTC')::date::timestamp,
    (least(now, counted_until) at time zone 'UTC')::date::timestamp,
    interval '1 day'
  ) as day (at)
),
counted as (
  select
    day.*,
    floor(extract(epoch from least(now, day_ends_at) - counted_from) / 3600)
      - floor(extract(epoch from day_starts_at - counted_from) / 3600) as hours
  from day
),
priced as (
  select
    counted.*,
    catalogue.version_id,
    catalogue.usd_per_hour,
    case phase when 'paid' then catalogue.usd_per_hour else 0 end as charged_usd_per_hour
  from counted
  left join lateral (
    select price.version_id, price.usd_per_hour
    from intermediate.int_openmetal__catalogue_price as price
    cross join lateral (
      select price.seen_from > counted.charge_date::timestamp at time zone 'UTC' as is_later
    ) as version
    where price.account_id = counted.account_id
      and price.kind = counted.kind
      and price.sku = counted.sku
      and price.region_id = counted.region_id
    order by
      version.is_later,
      case when not version.is_later then price.seen_from end desc,
      price.seen_from,
      price.version_id
    limit 1
  ) as catalogue on true
  where hours > 0
)
select
  account_id,
  'openmetal' as provider,
  concat_ws('/', 'openmetal_unread', cloud_id, resource_id, stay_key, phase, charge_date)
    as charge_key,
  resource_id,
  kind || '-hours' || case phase when 'after-removal' then '-after-removal' else '' end as meter,
  coalesce(sku, stated_code) as sku,
  region_id,
  charge_date,
  day_starts_at as charge_period_start,
  least(now, day_ends_at) as charge_period_end,
  'start' as day_rule,
  'Usage' as charge_category,
  'Standard' as pricing_category,
  null::text as commitment_id,
  case phase when 'after-removal' then 'Unused' end as commitment_status,
  hours as quantity,
  'Hours' as unit,
  case phase when 'after-removal' then 0 else hours end as usage_hours,
  0::numeric as gpu_hours,
  case when usd_per_hour is not null then charged_usd_per_hour end as unit_price,
  coalesce('catalogue:' || version_id, 'missing') as price_source,
  cost.usd as list_cost,
  cost.usd as contracted_cost,
  cost.usd as billed_cost,
  cost.usd as effective_cost,
  'USD' as billing_currency,
  'derived' as basis,
  coalesce(round(hours * usd_per_hour, 9), 0) as uncertainty,
  array_remove(array[version_id, first_version_id], null) as source_versions,
  now >= day_ends_at as is_settled
from priced
cross join lateral (
  select coalesce(round(hours * charged_usd_per_hour, 9), 0) as usd
) as cost
