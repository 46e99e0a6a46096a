-- One row per machine and epoch begun, at what the machine's own counter grew by: every epoch is
-- charged whole at its start, so each row is settled. Besides: growth that no epoch explains, and
-- estimates of epochs whose charge could not be seen any more. Of a machine that vanished, each further
-- boundary passed may have begun an epoch, too: a row of 0 that is in doubt by the price.
--
-- Look-back: an epoch begins before the next billing instant of the observation that shows it, and
-- that is believed up to 2 days after the observation. So what begins on or after from_date was
-- first seen later than 2 days before it. `offset 0` has PostgreSQL look machine by machine,
-- through the index, instead of working out every observation there is.
with looked_back as (
  select
    account_id,
    resource_id,
    from_date,
    from_date::timestamp at time zone 'UTC' - interval '3 days' as seen_since
  from scope
),
paid as (
  select
    known.account_id, known.resource_id, known.sku, known.region_id, known.currency,
    looked_back.from_date,
    known.period_start,
    known.period_end,
    known.is_adjustment,
    known.amount,
    case
      when known.is_adjustment then 0 -- the hours of the running epoch are counted already
      else extract(epoch from known.period_end - known.period_start) / 3600
    end as usage_hours,
    known.gpu_count,
    'billed' as basis,
    known.uncertainty,
    case when known.is_uncharged_before then 'backfilled:' else 'api:' end as price_source,
    known.version_id,
    known.former_version_id,
    known.seen_from
  from looked_back
  cross join lateral (
    select * from intermediate.int_fluence__paid_period as paid_period
    where paid_period.account_id = looked_back.account_id
      and paid_period.resource_id = looked_back.resource_id
      and paid_period.seen_from >= looked_back.seen_since
    offset 0
  ) as known
  where known.seen_from <= :'now'::timestamptz
),
lost as (
  select
    known.account_id, known.resource_id, known.sku, known.region_id, known.currency,
    looked_back.from_date,
    known.epoch_start + number * interval '24 hours' as period_start,
    known.epoch_end + number * interval '24 hours' as period_end,
    false as is_adjustment,
    case when number = 0 then known.price_per_epoch else 0 end as amount,
    case when number = 0 then 24 else 0 end as usage_hours,
    known.gpu_count,
    'derived' as basis,
    known.price_per_epoch as uncertainty,
    'estimated:' as price_source,
    known.version_id,
    null::bigint as former_version_id,
    known.seen_from
  from looked_back
  cross join lateral (
    select * from intermediate.int_fluence__lost_epoch as lost_epoch
    where lost_epoch.account_id = looked_back.account_id
      and lost_epoch.resource_id = looked_back.resource_id
      and lost_epoch.missed_at >= looked_back.seen_since
    offset 0
  ) as known
  cross join lateral generate_series(0, known.boundaries_passed::integer - 1) as number
  where known.missed_at <= :'now'::timestamptz
    and (known.listed_again_at > :'now'::timestamptz) is not false
),
restarted as (
  select
    known.account_id, known.resource_id, known.sku, known.region_id, known.currency,
    looked_back.from_date,
    known.epoch_start as period_start,
    known.epoch_end as period_end,
    false as is_adjustment,
    known.price_per_epoch as amount,
    extract(epoch from known.epoch_end - known.epoch_start) / 3600 as usage_hours,
    known.gpu_count,
    'derived' as basis,
    known.uncertainty,
    'estimated:' as price_source,
    known.version_id,
    known.former_version_id,
    known.seen_from
  from looked_back
  cross join lateral (
    select * from intermediate.int_fluence__restart_epoch as restart_epoch
    where restart_epoch.account_id = looked_back.account_id
      and restart_epoch.resource_id = looked_back.resource_id
      and restart_epoch.seen_from >= looked_back.seen_since
    offset 0
  ) as known
  where known.seen_from <= :'now'::timestamptz
),
keyed as (
  select
    known.*,
    (period_start at time zone 'UTC')::date as charge_date,
    -- An epoch is named by its exact beginning in microseconds, an adjustment by what showed it.
    concat_ws('/', 'fluence', resource_id,
      case when is_adjustment then 'adjustment' end,
      case
        when is_adjustment then version_id
        else (extract(epoch from period_start) * 1000000)::bigint
      end
    ) as charge_key
  from (
    select * from paid
    union all
    select * from lost
    union all
    select * from restarted
  ) as known
),
-- An epoch is charged once, by who saw it first, should the provider's clock ever jump back.
charged_once as (
  select distinct on (account_id, charge_key) keyed.*
  from keyed
  where charge_date >= from_date
  order by account_id, charge_key, basis collate "C", seen_from, version_id
)
select
  account_id,
  'fluence' as provider,
  charge_key,
  resource_id,
  'vm-epochs' as meter,
  sku,
  region_id,
  charge_date,
  period_start as charge_period_start,
  period_end as charge_period_end,
  'seconds' as day_rule,
  case when is_adjustment then 'Adjustment' else 'Usage' end as charge_category,
  'Dynamic' as pricing_category,
  null::text as commitment_id,
  null::text as commitment_status,
  case when usage_hours = 0 and basis = 'derived' then 0 else 1 end::numeric as quantity,
  '24 Hours' as unit,
  round(usage_hours, 9) as usage_hours,
  round(usage_hours * gpu_count, 9) as gpu_hours,
  amount as unit_price,
  price_source || version_id as price_source,
  amount as list_cost,
  amount as contracted_cost,
  amount as billed_cost,
  amount as effective_cost,
  currency as billing_currency,
  basis,
  uncertainty,
  array_remove(array[former_version_id, version_id], null) as source_versions,
  true as is_settled
from charged_once
