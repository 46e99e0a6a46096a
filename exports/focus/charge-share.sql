-- One row per ledger entry or accrual and month of its days, of what the month's statement holds: a
-- charge that days on both sides of a month's end share is cut there. An entry and its reversal in the
-- same statement cancel and are left out (an open month is stated anew each time); what changes a
-- closed month stays as reversal and re-entry.
with posted as (
  select
    charge.account_id, charge.provider, charge.charge_key, charge.charge_id, charge.revision,
    charge.reverses_charge_id, charge.reason, charge.recorded_at, charge.resource_id, charge.meter,
    charge.sku, charge.region_id, charge.charge_date, charge.charge_period_start,
    charge.charge_period_end, charge.day_rule, charge.charge_category, charge.pricing_category,
    charge.commitment_id, charge.commitment_status, charge.quantity, charge.unit,
    charge.usage_hours, charge.gpu_hours, charge.unit_price, charge.price_source,
    charge.list_cost, charge.contracted_cost, charge.billed_cost, charge.effective_cost,
    charge.billing_currency, charge.reporting_cost, charge.reporting_currency, charge.exchange_rate,
    charge.basis, charge.uncertainty, charge.source_versions,
    run.books_open_from, twin_run.books_open_from as twin_open_from
  from ledger.charge
  join ledger.run using (run_id)
  left join ledger.charge as reversal on reversal.reverses_charge_id = charge.charge_id
  left join ledger.charge as reversed on reversed.charge_id = charge.reverses_charge_id
  left join ledger.run as twin_run on twin_run.run_id = coalesce(reversal.run_id, reversed.run_id)
  where charge.charge_date < :'to'::date and (
    charge.charge_date >= :'from'::date
    or charge.charge_period_end > :'from'::timestamp at time zone 'UTC'
    or run.books_open_from = :'from'::date
  )
),
accrued as (
  select
    account_id, provider, charge_key, null::bigint, 1, null::bigint, null, recorded_at,
    resource_id, meter, sku, region_id, charge_date, charge_period_start, charge_period_end,
    day_rule, charge_category, pricing_category, commitment_id, commitment_status, quantity, unit,
    usage_hours, gpu_hours, unit_price, price_source, list_cost, contracted_cost, billed_cost,
    effective_cost, billing_currency, reporting_cost, reporting_currency, exchange_rate, basis,
    uncertainty, source_versions,
    (select ledger.books_open_from()),
    null::date
  from mart.accrual
  where charge_date < :'to'::date
    and (charge_date >= :'from'::date
      or charge_period_end > :'from'::timestamp at time zone 'UTC')
),
entry as (
  select * from posted
  union all
  select * from accrued
),
-- In the currency of the FOCUS cost columns: a settlement asset without an ISO code becomes the
-- reporting currency at the rate that the entry carries.
valued as (
  select
    entry.*,
    is_iso,
    case when is_iso then billing_currency else reporting_currency end as focus_currency,
    case when is_iso then unit_price else round(unit_price * exchange_rate, 15) end as focus_price,
    case when is_iso then billed_cost else reporting_cost end as focus_billed,
    case when is_iso then effective_cost else round(effective_cost * exchange_rate, 9) end
      as focus_effective
  from entry
  cross join lateral (
    select billing_currency = any(string_to_array(:'iso_currencies', ' ')) as is_iso
  ) as currency
),
month_share as (
  select
    valued.*, share.cost_month, share.before, share.upto,
    share.cost_month < :'from'::date as is_correction
  from valued
  cross join lateral (
    select
      date_trunc('month', day.cost_date::timestamp)::date as cost_month,
      min(day.before) as before,
      max(day.upto) as upto
    from ledger.days_of_charge(
      day_rule, charge_date, charge_period_start, charge_period_end
    ) as day
    group by 1
  ) as share
  where greatest(share.cost_month, books_open_from) = :'from'::date
    and (twin_open_from is null
      or greatest(share.cost_month, twin_open_from) <> :'from'::date)
)
select
  month_share.*,
  ledger.share_of(quantity, before, upto) as share_quantity,
  ledger.share_of(usage_hours, before, upto) as share_hours,
  ledger.share_of(gpu_hours, before, upto) as share_gpu_hours,
  ledger.share_of(focus_billed, before, upto) as share_billed,
  ledger.share_of(focus_effective, before, upto) as share_effective,
  ledger.share_of(billed_cost, before, upto) as share_native,
  ledger.share_of(reporting_cost, before, upto) as share_reporting,
  ledger.share_of(uncertainty, before, upto) as share_uncertainty,
  case
    when day_rule = 'seconds'
      then greatest(charge_period_start, cost_month::timestamp at time zone 'UTC')
    else charge_period_start
  end as share_start,
  case
    when day_rule = 'seconds'
      then least(charge_period_end,
        (cost_month + interval '1 month')::timestamp at time zone 'UTC')
    else charge_period_end
  end as share_end
from month_share
