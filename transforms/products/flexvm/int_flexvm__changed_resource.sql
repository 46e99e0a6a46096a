-- One row per virtual machine that a batch of changes touches. A version that repeats what was
-- known before of billing changes nothing before itself; new facts reach back to the start or end
-- they change. Growing hours touch nothing; a month's final hours touch the VM's last day in that
-- month. A size reported for the first time reaches the whole life of its VMs (their GPU hours).
with change as (
  select taken_change.kind, taken_change.previous_seen_to, told.*
  from taken_change
  join staging.stg_flexvm__vm as told on told.version_id = taken_change.version_id
  where taken_change.entity in ('flexvm.vm', 'flexvm.report_vm_life')
),
compared as (
  select
    change.account_id,
    change.vm_id,
    change.kind,
    change.previous_seen_to,
    change.seen_from,
    change.created_at,
    former.created_at as former_created_at,
    former.seen_to as former_seen_to,
    change.released_at,
    former.released_at as former_released_at,
    (change.created_at, change.cloud_id, change.sku, change.region_id) is distinct from
      (former.created_at, former.cloud_id, former.sku, former.region_id) as is_restated,
    change.released_at is distinct from former.released_at as is_end_restated
  from change
  left join lateral (
    select told.*
    from staging.stg_flexvm__vm as told
    where told.account_id = change.account_id and told.record_key = change.record_key
      and told.version_id < change.version_id
    order by told.is_listed = change.is_listed desc, told.seen_from desc, told.version_id desc
    limit 1
  ) as former on true
),
touched as (
  select
    compared.account_id,
    compared.vm_id,
    case when compared.kind = 'gone' then compared.previous_seen_to else least(
      compared.seen_from,
      compared.previous_seen_to,
      compared.former_seen_to,
      case when compared.is_restated then life.started_at end,
      case when compared.is_restated then compared.created_at end,
      case when compared.is_restated then compared.former_created_at end,
      case when compared.is_end_restated then compared.released_at end,
      case when compared.is_end_restated then compared.former_released_at end,
      case when compared.is_end_restated then life.last_seen_at end
    ) end as from_at
  from compared
  join intermediate.int_flexvm__life as life
    on life.account_id = compared.account_id and life.vm_id = compared.vm_id
  union all
  select report.account_id, report.vm_id,
    least(life.ended_at, (report.usage_month + interval '1 month') at time zone 'UTC')
      - interval '1 hour'
  from taken_change
  join staging.stg_flexvm__report_vm as report on report.version_id = taken_change.version_id
  join intermediate.int_flexvm__life as life
    on life.account_id = report.account_id and life.vm_id = report.vm_id
  where taken_change.entity = 'flexvm.report_vm'
    and (
      report.released_at is not null
      or report.seen_from >= (report.usage_month + interval '1 month') at time zone 'UTC'
    )
  union all
  select life.account_id, life.vm_id, life.started_at
  from taken_change
  join intermediate.int_flexvm__life as life
    on life.account_id = taken_change.account_id and life.sku = taken_change.record_key
  where taken_change.entity = 'flexvm.instance_type' and taken_change.kind = 'new'
)
select account_id, vm_id as resource_id, min(from_at) as from_at
from touched
group by account_id, vm_id
