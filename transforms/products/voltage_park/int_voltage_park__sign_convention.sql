-- One row per account: whether the provider's ledger is signed (charges negative) or bare of signs
-- (the type says the direction), found from the months whose balances tell the two apart. Charges
-- take the direction from the type and hold under both; `unknown` means that in some month neither
-- reading explains the balance, by up to `unexplained_usd`.
with month as (
  select
    account_id,
    abs(raw_sum_usd - change_usd) as raw_gap_usd,
    abs(typed_sum_usd - change_usd) as typed_gap_usd
  from intermediate.int_voltage_park__month_balance
),
verdict as (
  select
    account_id,
    count(*) as months,
    bool_and(raw_gap_usd <= 0.01) as fits_signed,
    bool_and(typed_gap_usd <= 0.01) as fits_typed,
    max(least(raw_gap_usd, typed_gap_usd)) as unexplained_usd
  from month
  group by account_id
)
select
  account_id,
  case
    when fits_signed then 'signed'
    when fits_typed then 'unsigned'
    else 'unknown'
  end as convention,
  fits_typed as is_direction_confirmed,
  months,
  unexplained_usd
from verdict
