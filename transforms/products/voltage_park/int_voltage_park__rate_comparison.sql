-- Reconciliation with the rates that the inventory states, in the columns of the contract: one row
-- per resource and month (what was charged beside running time at the machine's own rate), and
-- one per account (the combined rate beside the sum of the listed machines).
--
-- A counter only grows. Where the report of a month takes back what it stated before, the provider
-- has corrected it: up to that, a charge below the rate is right, and the note says so.
with restated as (
  select
    rated.*,
    greatest(
      least(former.magnitude_usd - rated.magnitude_usd, rated.rated_usd - rated.magnitude_usd), 0
    ) as taken_back_usd
  from intermediate.int_voltage_park__rated_part as rated
  cross join lateral (
    select max(earlier.magnitude_usd) as magnitude_usd
    from intermediate.int_voltage_park__billed_part as earlier
    where earlier.account_id = rated.account_id and earlier.record_key = rated.record_key
      and earlier.slice = rated.slice
  ) as former
),
charged as (
  select
    account_id, resource_id, month_start_at,
    sum(magnitude_usd) as charged_usd,
    sum(rated_usd - taken_back_usd) as rated_usd,
    sum(taken_back_usd) as taken_back_usd,
    sum(seconds) as seconds,
    sum(listed_seconds) as listed_seconds,
    -- A transaction may open, close or be read a minute beside what it bills.
    sum(uncertainty_usd + usd_per_hour_max / 60) as uncertainty_usd,
    -- Amounts and rates are reported with six decimals.
    sum(0.000001 + 0.0000005 * seconds / 3600) as rounding_usd,
    array_agg(version_id order by record_key, slice) as versions
  from restated
  group by account_id, resource_id, month_start_at
),
listed as (
  select account_id, sum(owed_usd_per_hour) as usd_per_hour
  from intermediate.int_voltage_park__listed_rate
  where ended_at is null
  group by account_id
),
burn as (
  select
    rate.account_id, rate.version_id, rate.total_usd_per_hour, look.complete_at,
    coalesce(listed.usd_per_hour, 0) as listed_usd_per_hour,
    (
      select bool_and(inventory.complete_at
        between look.complete_at - interval '10 minutes' and look.complete_at)
      from staging.stg_voltage_park__look as inventory
      where inventory.account_id = rate.account_id and inventory.stream in (
        'voltage_park.virtual_machines', 'voltage_park.bare_metal', 'voltage_park.storage'
      )
    ) as is_same_look
  from staging.stg_voltage_park__hourly_rate as rate
  join staging.stg_voltage_park__look as look
    on look.account_id = rate.account_id and look.stream = 'voltage_park.hourly_rate'
  left join listed on listed.account_id = rate.account_id
  where rate.ended_at is null
)
select
  account_id,
  'voltage-park' as provider,
  (month_start_at at time zone 'UTC')::date as month,
  'hourly rate' as source,
  resource_id as line,
  'money' as measure,
  'USD' as unit,
  charged_usd as ours,
  round(rated_usd, 9) as theirs,
  round(uncertainty_usd, 9) as uncertainty,
  round(rounding_usd, 9) as rounding,
  0::numeric as tax,
  round((seconds - listed_seconds) / 3600, 9) as quantity_difference,
  true as is_final,
  true as is_proof,
  case when taken_back_usd > 0
    then format('The report took back %s USD.', trim_scale(round(taken_back_usd, 6))) end as note,
  versions as source_versions
from charged
union all
select
  account_id,
  'voltage-park',
  date_trunc('month', complete_at at time zone 'UTC')::date,
  'hourly rate',
  'burn rate',
  'money',
  'USD per hour',
  listed_usd_per_hour,
  total_usd_per_hour,
  0,
  0,
  0,
  null,
  coalesce(is_same_look, false),
  false,
  'No document says that volumes are in the combined rate.',
  array[version_id]
from burn
