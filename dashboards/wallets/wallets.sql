-- One row per prepaid account and currency.
select
  account_id,
  provider,
  billing_currency,
  case
    when balance is null then 'not reported'
    when burn_per_hour is null then 'pace unknown'
    when runway_hours is null then 'nothing burns'
    when runway_hours < 24 then 'empty soon'
    when runway_hours < 72 then 'low'
    else 'ok'
  end as state,
  balance,
  reserved_amount,
  burn_per_hour,
  resources,
  runway_hours / 24 as runway_days,
  runs_dry_at,
  covered_hours,
  looked_at
from mart.rpt_wallet
where $__filtered(provider, account)
order by runway_hours nulls last, account_id
