-- One row per provider, account, SKU, region, currency and what is paid for, whose price per unit
-- changed in the last 24 hours: in the rate card (a row came into force, or was told otherwise), or in
-- the charges of a resource whose provider tells the price. `value`: the change in percent, without
-- its sign; the largest one where it differs by resource.
with clock as (
  select clock_at, clock_at - interval '24 hours' as from_at from mart.rpt_clock
),
listed as (
  select
    rate.provider, coalesce(rate.account_id, 'all accounts') as account_id, rate.sku, rate.region,
    case rate.contract_id when '' then 'on demand' else rate.contract_id end as priced_for,
    rate.currency,
    former.unit_price as former_price, rate.unit_price
  from reference.rate
  cross join clock
  cross join lateral (
    select held.superseded_at, held.loaded_at, held.unit_price
    from reference.rate as held
    where held.provider = rate.provider and held.sku = rate.sku and held.region = rate.region
      and held.contract_id = rate.contract_id and held.unit = rate.unit
      and held.currency = rate.currency and held.account_id is not distinct from rate.account_id
      and (
        -- The row that this one restates, else the one before it in time.
        held.superseded_at = rate.loaded_at and held.valid_from = rate.valid_from
        or held.superseded_at is null and held.valid_from < rate.valid_from
      )
    order by held.superseded_at nulls last, held.valid_from desc
    limit 1
  ) as former
  where rate.superseded_at is null
    and rate.valid_from <= clock.clock_at and rate.loaded_at <= clock.clock_at
    and (
      rate.valid_from > clock.from_at
      -- Learnt late: the file told of this price before, and otherwise.
      or rate.loaded_at > clock.from_at
        and (former.superseded_at is not null or former.loaded_at < rate.loaded_at)
    )
),
run as (
  select run.run_id, run.clock_at > clock.from_at as is_new
  from ledger.run
  cross join clock
  where run.clock_at > clock.clock_at - interval '72 hours' and run.clock_at <= clock.clock_at
),
priced as (
  select
    account_id, provider, resource_id, meter, sku, region_id, billing_currency, unit, unit_price,
    charge_period_start, charge_id, is_new
  from run
  join ledger.charge using (run_id)
  where entry = 'charge' and charge_category = 'Usage' and unit_price > 0
    and price_source not like 'rate:%'
  union all
  select
    account_id, provider, resource_id, meter, sku, region_id, billing_currency, unit, unit_price,
    charge_period_start, null, true
  from mart.accrual
  where charge_category = 'Usage' and unit_price > 0 and price_source not like 'rate:%'
),
newest as (
  select distinct on (account_id, resource_id, meter, unit, billing_currency, is_new) *
  from priced
  order by account_id, resource_id, meter, unit, billing_currency, is_new,
    charge_period_start desc, charge_id desc nulls first
),
charged as (
  select
    newest.provider, account_id, sku, region_id as region,
    meter as priced_for, billing_currency as currency,
    former.unit_price as former_price, newest.unit_price
  from newest
  -- A machine that was given another shape or place is another thing at another price.
  join newest as former
    using (account_id, resource_id, meter, sku, region_id, unit, billing_currency)
  where newest.is_new and not former.is_new
    and newest.charge_period_start > former.charge_period_start
),
changed as (
  select *, unit_price > former_price as is_up
  from (select * from listed union all select * from charged) as told
  where unit_price <> former_price and former_price > 0
)
select
  provider,
  account_id,
  coalesce(sku, 'unknown') as sku,
  coalesce(region, 'unknown') as region,
  priced_for,
  currency,
  case when is_up then 'up' else 'down' end as direction,
  trunc(max(100 * abs(unit_price - former_price) / former_price), 4) as value
from changed
group by provider, account_id, sku, region, priced_for, currency, is_up
