-- One row per account and UTC calendar month: how the report's rows move the balance, beside the
-- change that the same report states, and which reading of the charges' signs that proves (`both`
-- where the month has no charges to tell by, `none` where neither explains the change).
with total as (
  select account_id, slice, count(*) as transactions, sum(effect_usd) as effect_usd,
    min(sign_evidence) as sign_evidence
  from intermediate.int_voltage_park__current_part
  group by account_id, slice
)
select
  balance.account_id,
  balance.slice,
  balance.version_id,
  coalesce(total.transactions, 0) as transactions,
  balance.opening_balance_usd,
  balance.change_usd,
  balance.closing_balance_usd,
  coalesce(total.effect_usd, 0) as effect_usd,
  coalesce(
    total.sign_evidence, case when abs(balance.change_usd) <= 0.01 then 'both' else 'none' end
  ) as sign_evidence,
  balance.month_start_at
from staging.stg_voltage_park__report_balance as balance
left join total using (account_id, slice)
where balance.ended_at is null
