-- One row per comparison of what a machine is charged with what its record says, both as of the
-- last transform: per month with the growth of its counter and with its epochs at the price shown,
-- per counter that fell with the counter, and per estimate with nothing. An epoch counts to the
-- month of the look that showed it, on both sides, so that a gap between looks over a month's end
-- moves nothing from one month to the other.
with step as materialized (
  select * from intermediate.int_fluence__counter_step
),
charge as (
  select
    known.account_id, known.resource_id, known.basis, known.billed_cost, known.uncertainty,
    known.billing_currency as currency,
    coalesce(
      case known.basis when 'billed' then step.month end,
      date_trunc('month', known.charge_date)::date
    ) as month,
    coalesce(step.price_is, 'sure') as price_is,
    case known.charge_category when 'Usage' then 1 else 0 end as epochs,
    case
      when known.charge_period_start < step.next_billing_at then 'restart'
      else 'last epoch'
    end as estimate_of
  from intermediate.known_charge as known
  left join step
    on step.account_id = known.account_id
    and step.resource_id = known.resource_id
    and step.version_id = split_part(known.price_source, ':', 2)::bigint
  where known.provider = 'fluence'
),
charged as (
  select
    account_id, resource_id, currency, month, price_is,
    sum(billed_cost) as cost, sum(epochs) as epochs
  from charge
  where basis = 'billed'
  group by account_id, resource_id, currency, month, price_is
),
counted as (
  select
    account_id, resource_id, currency, month,
    sum(counted) as cost, array_agg(version_id order by version_id) as versions
  from step
  group by account_id, resource_id, currency, month
),
charged_month as (
  select account_id, resource_id, currency, month, sum(cost) as cost
  from charged
  group by account_id, resource_id, currency, month
),
by_counter as (
  select
    account_id, currency, month, 'counter' as source, resource_id as line,
    charged_month.cost as ours,
    counted.cost as theirs,
    0::numeric as uncertainty,
    null::numeric as quantity_difference,
    true as is_proof,
    null::text as note,
    counted.versions
  from charged_month
  full join counted using (account_id, resource_id, currency, month)
),
priced as (
  select
    account_id, resource_id, currency, month, price_is,
    sum(cost_by_price) as cost, sum(cost_uncertain) as cost_uncertain, sum(epochs) as epochs,
    array_agg(version_id order by version_id) as versions
  from step
  where epochs > 0
  group by account_id, resource_id, currency, month, price_is
),
by_price as (
  select
    account_id, currency, month, 'price per epoch' as source,
    concat_ws(' ', resource_id, meaning.suffix) as line,
    charged.cost as ours,
    priced.cost as theirs,
    case price_is when 'new' then priced.cost_uncertain else 0 end as uncertainty,
    (charged.epochs - priced.epochs) * 24 as quantity_difference,
    price_is <> 'first' as is_proof,
    meaning.note,
    priced.versions
  from charged
  full join priced using (account_id, resource_id, currency, month, price_is)
  left join (
    values
      ('new', 'at a new price', 'The price changed between two looks, before or after the epoch.'),
      ('first', 'before the first look', 'Earlier prices than that of the first look are unknown.')
  ) as meaning (price_is, suffix, note) using (price_is)
),
-- A counter that came back from an earlier boundary to what was charged was a copy that lagged.
fallen as (
  select
    fall.account_id, fall.currency,
    date_trunc('month', fall.seen_from at time zone 'UTC')::date as month,
    'counter' as source,
    fall.resource_id || ' at '
      || to_char(fall.seen_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as line,
    fall.former_total_spent as ours,
    fall.total_spent as theirs,
    0::numeric as uncertainty,
    null::numeric as quantity_difference,
    fall.next_billing_at >= fall.former_next_billing_at
      or not exists (
        select from staging.stg_fluence__vm as later
        where later.account_id = fall.account_id
          and later.resource_id = fall.resource_id
          and (later.seen_from, later.version_id) > (fall.seen_from, fall.version_id)
          and later.total_spent >= fall.former_total_spent
      ) as is_proof,
    'The counter fell below what was charged before.' as note,
    array[fall.former_version_id, fall.version_id] as versions
  from intermediate.int_fluence__counter_fall as fall
  join step using (version_id)
  where fall.total_spent < fall.former_total_spent
),
estimated as (
  select
    account_id, currency, month, 'counter' as source, resource_id || ' ' || estimate_of as line,
    sum(billed_cost) as ours,
    null::numeric as theirs,
    sum(uncertainty) as uncertainty,
    null::numeric as quantity_difference,
    true as is_proof,
    case estimate_of
      when 'restart' then 'The counter started again after a boundary that no look saw it count.'
      else 'The machine vanished after a boundary that no look saw it cross.'
    end as note,
    null::bigint[] as versions
  from charge
  where basis <> 'billed'
  group by account_id, resource_id, currency, month, estimate_of
  having sum(billed_cost) <> 0
),
compared as (
  select * from by_counter
  union all
  select * from by_price
  union all
  select * from fallen
  union all
  select * from estimated
)
select
  account_id,
  'fluence' as provider,
  month,
  source,
  line,
  'money' as measure,
  currency as unit,
  ours,
  theirs,
  uncertainty,
  0::numeric as rounding,
  0::numeric as tax,
  quantity_difference,
  true as is_final,
  is_proof,
  note,
  coalesce(versions, '{}') as source_versions
from compared
