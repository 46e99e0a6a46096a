-- One row per account and UTC calendar month: what the report's rows sum to under either reading of
-- their signs (as they come; by the direction that their type names), beside the change of balance
-- that the same report states.
with line as (
  select
    account_id, slice, amount_usd,
    case kind
      when 'cost' then -abs(amount_usd)
      when 'payout' then abs(amount_usd)
      when 'deposit' then abs(amount_usd)
      else amount_usd
    end as typed_usd
  from staging.stg_voltage_park__report_transaction
  where ended_at is null
),
total as (
  select account_id, slice, count(*) as transactions, sum(amount_usd) as raw_sum_usd,
    sum(typed_usd) as typed_sum_usd
  from line
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
  coalesce(total.raw_sum_usd, 0) as raw_sum_usd,
  coalesce(total.typed_sum_usd, 0) as typed_sum_usd,
  balance.month_start_at
from staging.stg_voltage_park__report_balance as balance
left join total using (account_id, slice)
where balance.ended_at is null
