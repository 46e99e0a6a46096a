-- One row per ledger entry or accrual and month of its days, of what the month's statement holds: a
-- charge that days on both sides of a month's end share is cut there. An entry and its reversal in the
-- same statement cancel and are left out (an open month is stated anew each time); what changes a
-- closed month stays as reversal and re-entry.
with stated as (
  select *, cost_month < :'from'::date as is_correction
  from mart.rpt_posting_month
  where charge_date < :'to'::date
    and (
      charge_date >= :'from'::date
      or charge_period_end > :'from'::timestamp at time zone 'UTC'
      or books_open_from = :'from'::date
    )
    and greatest(cost_month, books_open_from) = :'from'::date
    and (twin_open_from is null or greatest(cost_month, twin_open_from) <> :'from'::date)
),
-- In the currency of the FOCUS cost columns: a settlement asset without an ISO code becomes the
-- reporting currency at the rate that the entry carries.
month_share as (
  select
    stated.*,
    is_iso,
    case when is_iso then billing_currency else reporting_currency end as focus_currency,
    case when is_iso then unit_price else round(unit_price * exchange_rate, 15) end as focus_price,
    case when is_iso then billed_cost else reporting_cost end as focus_billed,
    case when is_iso then effective_cost else round(effective_cost * exchange_rate, 9) end
      as focus_effective
  from stated
  cross join lateral (
    select billing_currency = any(string_to_array(:'iso_currencies', ' ')) as is_iso
  ) as currency
)
select
  month_share.*,
  row_number() over (
    order by
      account_id collate "C", provider collate "C", charge_date, charge_key collate "C",
      charge_id nulls last, cost_month
  ) as share_number,
  mart.share_of(quantity, before, upto) as share_quantity,
  mart.share_of(usage_hours, before, upto) as share_hours,
  mart.share_of(gpu_hours, before, upto) as share_gpu_hours,
  mart.share_of(focus_billed, before, upto) as share_billed,
  mart.share_of(focus_effective, before, upto) as share_effective,
  mart.share_of(billed_cost, before, upto) as share_native,
  mart.share_of(reporting_cost, before, upto) as share_reporting,
  mart.share_of(uncertainty, before, upto) as share_uncertainty,
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
