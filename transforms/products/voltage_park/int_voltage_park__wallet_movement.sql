-- Deposits into the prepaid balance: one row per deposit, month and amount that the report gave it.
-- A restated or withdrawn deposit is a further movement by the difference, never a changed row; the
-- whole history of a touched deposit is given, so that a rebuild gives the same rows. A negative one is
-- a deposit that was taken back.
with touched as (
  select distinct account_id, slice, record_key
  from taken_change
  where entity = 'voltage_park.report_transaction'
),
stated as (
  select
    deposit.account_id, deposit.slice, deposit.record_key, deposit.version_id, deposit.note,
    deposit.amount_usd as balance_usd,
    coalesce(deposit.closed_at, deposit.created_at) as occurred_at,
    deposit.seen_from, deposit.ended_at, deposit.ended_because
  from touched
  join staging.stg_voltage_park__report_transaction as deposit
    on deposit.account_id = touched.account_id and deposit.record_key = touched.record_key
    and deposit.slice = touched.slice
  where deposit.kind = 'deposit'
),
step as (
  select account_id, slice, record_key, version_id, note, balance_usd, occurred_at, seen_from,
    format('%s', version_id) as step_name
  from stated
  union all
  select account_id, slice, record_key, version_id, note, 0, occurred_at, ended_at,
    format('%s-gone', version_id)
  from stated
  where ended_because = 'gone'
),
moved as (
  select
    step.*,
    balance_usd - coalesce(lag(balance_usd) over history, 0) as amount_usd,
    lag(version_id) over history is null as is_first
  from step
  window history as (partition by account_id, slice, record_key order by seen_from, version_id)
)
select
  account_id,
  'voltage-park' as provider,
  format('voltage_park/%s/%s', record_key, slice)
    || case when is_first then '' else '/' || step_name end as movement_key,
  case when is_first then 'deposit' else 'adjustment' end as kind,
  case when is_first then occurred_at else seen_from end as occurred_at,
  amount_usd as amount,
  'USD' as currency,
  note as description,
  array[version_id] as source_versions
from moved
where amount_usd <> 0
