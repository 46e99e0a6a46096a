-- One row per account and instant at which a report showed another balance, in the columns of the
-- contract. A report that is read after its month is over speaks of the month's end.
with told as (
  select
    balance.account_id, balance.version_id, balance.closing_balance_usd,
    least(
      balance.seen_from,
      (balance.month_start_at at time zone 'UTC' + interval '1 month') at time zone 'UTC'
    ) as balance_at
  from landing.watermark
  join staging.stg_voltage_park__report_balance as balance
    on balance.account_id = watermark.account_id and balance.slice = watermark.slice
    and balance.record_key = ''
  where watermark.stream = 'voltage_park.monthly_report'
)
select distinct on (account_id, balance_at)
  account_id,
  'voltage-park' as provider,
  'USD' as billing_currency,
  closing_balance_usd as balance,
  balance_at
from told
order by account_id, balance_at, version_id desc
