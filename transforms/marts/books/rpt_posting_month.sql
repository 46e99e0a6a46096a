-- One row per ledger entry or accrual and UTC month of its days: `before` and `upto` are the shares of
-- the whole that lie before the month and up to its end (mart.share_of), `day_befores` and `day_uptos`
-- the same of each of its days. A charge over a month's end has two rows.
with entry as (
  select
    account_id, provider, charge_key, charge_id, revision, reverses_charge_id, reason, recorded_at,
    resource_id, meter, sku, region_id, charge_date, charge_period_start, charge_period_end,
    day_rule, charge_category, pricing_category, commitment_id, commitment_status, quantity, unit,
    usage_hours, gpu_hours, unit_price, price_source, list_cost, contracted_cost, billed_cost,
    effective_cost, billing_currency, reporting_cost, reporting_currency, exchange_rate, basis,
    uncertainty, source_versions, books_open_from, twin_open_from
  from mart.rpt_posting
  union all
  select
    account_id, provider, charge_key, null as charge_id, 1 as revision, null as reverses_charge_id,
    null as reason, recorded_at,
    resource_id, meter, sku, region_id, charge_date, charge_period_start, charge_period_end,
    day_rule, charge_category, pricing_category, commitment_id, commitment_status, quantity, unit,
    usage_hours, gpu_hours, unit_price, price_source, list_cost, contracted_cost, billed_cost,
    effective_cost, billing_currency, reporting_cost, reporting_currency, exchange_rate, basis,
    uncertainty, source_versions, (select ledger.books_open_from()) as books_open_from,
    null as twin_open_from
  from mart.accrual
)
select
  entry.*, share.cost_month, share.before, share.upto, share.day_dates, share.day_befores,
  share.day_uptos
from entry
cross join lateral (
  select
    date_trunc('month', day.cost_date::timestamp)::date as cost_month,
    min(day.before) as before,
    max(day.upto) as upto,
    array_agg(day.cost_date order by day.cost_date) as day_dates,
    array_agg(day.before order by day.cost_date) as day_befores,
    array_agg(day.upto order by day.cost_date) as day_uptos
  from ledger.days_of_charge(
    entry.day_rule, entry.charge_date, entry.charge_period_start, entry.charge_period_end
  ) as day
  group by 1
) as share
