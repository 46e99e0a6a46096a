-- Further resources whose estimates may have to change although no record of theirs did: one row per
-- resource. A posted estimate gives way when its month's report is read again without a change, or
-- when the month becomes final. And which volumes a bill under billing instances covers depends on
-- every volume and instance of the account.
with clock as (
  select clock_at, date_trunc('month', clock_at at time zone 'UTC' - interval '31 days')::date
      as open_from
  from mart.transform_state
),
stretch as (
  select null as account_id, open_from as from_date, 'infinity'::date as until_date from clock
  union all
  select look.account_id, month.from_date, (month.from_date + interval '1 month')::date
  from clock
  join staging.stg_voltage_park__look as look
    on look.stream = 'voltage_park.monthly_report'
    and look.complete_at >= clock.clock_at - interval '1 day'
  cross join lateral (select (look.slice || '-01')::date as from_date) as month
  where month.from_date < clock.open_from
),
posted as (
  select charge.account_id, charge.resource_id, min(charge.charge_date) as from_date
  from stretch
  join ledger.charge
    on charge.charge_date >= stretch.from_date and charge.charge_date < stretch.until_date
    and (stretch.account_id is null or charge.account_id = stretch.account_id)
  where charge.provider = 'voltage-park' and charge.price_source like 'estimated:%'
    and charge.entry = 'charge'
    and not exists (
      select from ledger.charge as reversal where reversal.reverses_charge_id = charge.charge_id
    )
  group by charge.account_id, charge.resource_id
),
storage as (
  select scope.account_id, min(scope.from_date) as from_date
  from scope
  join mart.dim_resource as resource
    on resource.account_id = scope.account_id and resource.resource_id = scope.resource_id
    and resource.valid_to is null
  where resource.service_name = 'Voltage Park Storage'
  group by scope.account_id
),
instance_account as (
  select storage.account_id, storage.from_date
  from storage
  where exists (
    select from mart.dim_resource as instance
    where instance.account_id = storage.account_id and instance.valid_to is null
      and instance.service_name = 'Voltage Park Storage'
      and not exists (
        select from staging.stg_voltage_park__storage_volume as volume
        where volume.account_id = instance.account_id
          and volume.record_key = instance.resource_id
      )
  )
)
select account_id, resource_id, from_date
from posted
union
select account.account_id, volume.record_key, account.from_date
from instance_account as account
join staging.stg_voltage_park__storage_volume as volume
  on volume.account_id = account.account_id
  and coalesce(volume.ended_at, 'infinity') >= account.from_date::timestamp at time zone 'UTC'
