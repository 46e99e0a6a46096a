-- One row per virtual machine: what it is and from when until when it is billed, by all that is
-- known now. The newest monthly report that names it is believed before the VM list. A VM that left
-- the list (or is listed as deleted) with no deletion told by either ended between the last look
-- that saw it alive (end_not_before) and the first that did not; the later is taken.
select first_told.account_id, first_told.vm_id, known.*
from staging.stg_flexvm__vm as first_told
cross join lateral (
  select
    fact.cloud_id,
    fact.sku,
    fact.region_id,
    fact.status,
    fact.is_listed,
    coalesce(listed.gpu_model, hardware.gpu_model) as gpu_model,
    coalesce(listed.gpu_count, hardware.gpu_count) as gpu_count,
    coalesce(listed.vcpu_count, hardware.vcpu_count) as vcpu_count,
    coalesce(listed.memory_gib, hardware.memory_gib) as memory_gib,
    billing.started_at,
    coalesce(billing.told_end_at, estimate.end_at) as ended_at,
    case
      when billing.told_end_at is null and estimate.end_at is not null
        then greatest(billing.started_at, alive.seen_to)
    end as end_not_before,
    case when alive.ended_at is not null then alive.seen_to end as last_seen_at,
    coalesce(start_source.version_id, first_listed.version_id) as start_version_id,
    coalesce(
      end_source.version_id,
      case
        when billing.told_end_at is null and estimate.end_at is not null then alive.version_id
      end
    ) as end_version_id
  from (select first_told.account_id, first_told.vm_id) as vm
  left join lateral (
    select *
    from staging.stg_flexvm__vm as version
    where version.account_id = vm.account_id and version.record_key = vm.vm_id
      and version.is_listed
    order by version.seen_from desc, version.version_id desc
    limit 1
  ) as listed on true
  left join lateral (
    select *
    from staging.stg_flexvm__vm as version
    where version.account_id = vm.account_id and version.record_key = vm.vm_id
      and not version.is_listed
    order by version.seen_from desc, version.version_id desc
    limit 1
  ) as reported on true
  left join lateral (
    select version.version_id, version.seen_to, version.ended_at
    from staging.stg_flexvm__vm as version
    where version.account_id = vm.account_id and version.record_key = vm.vm_id
      and version.is_listed and version.status <> 'ended'
    order by version.seen_from desc, version.version_id desc
    limit 1
  ) as alive on true
  left join lateral (
    select version.version_id, version.seen_from
    from staging.stg_flexvm__vm as version
    where version.account_id = vm.account_id and version.record_key = vm.vm_id
      and version.is_listed
    order by version.seen_from, version.version_id
    limit 1
  ) as first_listed on true
  cross join lateral (
    select
      coalesce(reported.cloud_id, listed.cloud_id) as cloud_id,
      coalesce(reported.sku, listed.sku) as sku,
      coalesce(reported.region_id, listed.region_id) as region_id,
      coalesce(listed.status, reported.status) as status,
      listed.version_id is not null as is_listed,
      coalesce(listed.seen_from, reported.seen_from) as seen_from
  ) as fact
  cross join lateral (
    select
      coalesce(reported.created_at, listed.created_at, first_listed.seen_from) as started_at,
      coalesce(reported.released_at, listed.released_at) as told_end_at
  ) as billing
  cross join lateral (
    select
      case
        when alive.ended_at is not null then alive.ended_at
        when alive.version_id is null and fact.status = 'ended' then fact.seen_from
      end as end_at
  ) as estimate
  left join intermediate.int_flexvm__hardware as hardware
    on hardware.account_id = vm.account_id and hardware.sku = fact.sku
  left join lateral (
    select min(version.version_id) as version_id
    from staging.stg_flexvm__vm as version
    where version.account_id = vm.account_id and version.record_key = vm.vm_id
      and version.created_at = billing.started_at
  ) as start_source on true
  left join lateral (
    select min(version.version_id) as version_id
    from staging.stg_flexvm__vm as version
    where version.account_id = vm.account_id and version.record_key = vm.vm_id
      and version.released_at = billing.told_end_at
  ) as end_source on true
  offset 0 -- kept whole by the planner, so that a few machines can be looked up by id
) as known
where not exists (
  select from staging.stg_flexvm__vm as earlier
  where earlier.account_id = first_told.account_id and earlier.record_key = first_told.record_key
    and earlier.version_id < first_told.version_id
)
