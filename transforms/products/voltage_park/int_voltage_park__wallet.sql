-- One row per account: its prepaid balance as the report of the running month told it last, and
-- what the listed machines and volumes burn. In the columns of the contract. The burn is null until
-- each inventory list was read: what was never looked at is not nothing.
with newest as (
  select distinct on (balance.account_id)
    balance.account_id, balance.closing_balance_usd, look.complete_at
  from staging.stg_voltage_park__report_balance as balance
  join staging.stg_voltage_park__look as look
    on look.account_id = balance.account_id and look.slice = balance.slice
    and look.stream = 'voltage_park.monthly_report'
  where balance.ended_at is null
  order by balance.account_id, balance.month_start_at desc
),
listed as (
  select
    account_id,
    sum(owed_usd_per_hour) as usd_per_hour,
    count(distinct resource_id) filter (where owed_usd_per_hour > 0) as resources
  from intermediate.int_voltage_park__listed_rate
  where ended_at is null
  group by account_id
),
inventory as (
  select account_id
  from staging.stg_voltage_park__look
  where stream in (
    'voltage_park.virtual_machines', 'voltage_park.bare_metal', 'voltage_park.storage'
  )
  group by account_id
  having count(distinct stream) = 3
)
select
  newest.account_id,
  'voltage-park' as provider,
  'USD' as billing_currency,
  newest.closing_balance_usd as balance,
  0::numeric as reserved_amount,
  case when inventory.account_id is not null then coalesce(listed.usd_per_hour, 0) end
    as burn_per_hour,
  coalesce(listed.resources, 0) as resources,
  null::numeric as epoch_hours,
  null::timestamptz as covered_until,
  newest.complete_at as looked_at
from newest
left join listed using (account_id)
left join inventory using (account_id)
