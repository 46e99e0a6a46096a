-- Which resources a batch of landing changes touches, and from when: rows per change and resource.
-- A transaction's new observation moves its counter from the observation before it on; a restated
-- fact (another resource, another start, a smaller amount, a row that is gone) the whole month. The
-- limits and offsets keep look-ups by key apart, so that they go through landing's indexes.
with billing_change as (
  select
    part.account_id, part.resource_id, part.slice, part.record_key, part.seen_from,
    part.part_start_at, part.part_end_at,
    former.resource_id as former_resource_id,
    former.part_end_at as former_end_at,
    least(part.part_start_at, part.stamped_at, former.part_start_at, former.stamped_at)
      as first_at,
    change.kind = 'changed' and former.has_duration and part.has_duration
      and (part.resource_id, part.kind, part.meter, part.part_start_at)
        is not distinct from (
          former.resource_id, former.kind, former.meter, former.part_start_at
        )
      and part.amount_usd * former.amount_usd >= 0
      and part.magnitude_usd >= former.magnitude_usd as is_growth
  from taken_change as change
  cross join lateral (
    select changed.*
    from intermediate.int_voltage_park__billed_part as changed
    where changed.version_id = change.version_id
    limit 1
  ) as part
  left join lateral (
    select earlier.*
    from intermediate.int_voltage_park__billed_part as earlier
    where earlier.account_id = part.account_id and earlier.record_key = part.record_key
      and earlier.slice = part.slice and earlier.seen_from < part.seen_from
    order by earlier.seen_from desc
    limit 1
  ) as former on true
  where change.entity = 'voltage_park.report_transaction'
),
billed_resource as (
  select
    billing_change.account_id, touched.resource_id,
    coalesce(anchor.seen_from, billing_change.first_at) as from_at
  from billing_change
  left join lateral (
    select earlier.seen_from
    from intermediate.int_voltage_park__billed_part as earlier
    where billing_change.is_growth
      and earlier.account_id = billing_change.account_id
      and earlier.record_key = billing_change.record_key
      and earlier.slice = billing_change.slice
      and earlier.seen_from > billing_change.part_start_at
      and earlier.seen_from < least(
        billing_change.seen_from, billing_change.part_end_at, billing_change.former_end_at
      )
    order by earlier.seen_from desc
    limit 1
  ) as anchor on true
  cross join lateral (
    values (billing_change.resource_id), (billing_change.former_resource_id)
  ) as touched (resource_id)
  where touched.resource_id is not null
),
-- A charge may leave a hole before it, which is estimated from where it begins.
hole_resource as (
  select hole.account_id, hole.resource_id, hole.hole_from as from_at
  from (
    select account_id, slice, array_agg(distinct resource_id) as resource_ids
    from billing_change
    group by account_id, slice
  ) as changed_month
  cross join lateral (
    select left_open.*
    from intermediate.int_voltage_park__hole as left_open
    where left_open.account_id = changed_month.account_id
      and left_open.slice = changed_month.slice
    offset 0
  ) as hole
  where hole.resource_id = any (changed_month.resource_ids)
),
-- Which direction an amount has depends on the whole report: where any charge is money back, every
-- charge of the month is read again, and rows of other kinds always are.
directed_resource as (
  select part.account_id, part.resource_id, part.month_start_at as from_at
  from (
    select distinct account_id, slice
    from taken_change
    where entity in ('voltage_park.report_transaction', 'voltage_park.report_balance')
  ) as changed_month
  cross join lateral (
    select line.account_id, line.resource_id, line.month_start_at, line.kind,
      bool_or(line.is_refund) over () as has_refund
    from intermediate.int_voltage_park__current_part as line
    where line.account_id = changed_month.account_id and line.slice = changed_month.slice
      and line.kind <> 'deposit'
    offset 0
  ) as part
  where part.has_refund or part.kind <> 'cost'
),
-- A first specification describes the time before it too; a day more, because a billing instance
-- may begin a little before its machine. A volume does not tell when it was created.
listed_resource as (
  select
    machine.account_id, machine.resource_id,
    case
      when change.kind = 'new' or (
        machine.has_specification and not exists (
          select from intermediate.int_voltage_park__machine as earlier
          where earlier.account_id = machine.account_id
            and earlier.resource_id = machine.resource_id
            and earlier.has_specification and earlier.seen_from < machine.seen_from
        )
      ) then coalesce(machine.created_at - interval '1 day', '-infinity')
      else change.previous_seen_to
    end as from_at
  from taken_change as change
  cross join lateral (
    select changed.*
    from intermediate.int_voltage_park__machine as changed
    where changed.version_id = change.version_id
    limit 1
  ) as machine
  where change.entity in (
    'voltage_park.virtual_machine', 'voltage_park.bare_metal_rental',
    'voltage_park.storage_volume'
  )
),
-- Host nodes whose location is learnt now, and the machines that ever stood on them.
placed_node as (
  select distinct node.account_id, node.host_node_id
  from taken_change as change
  cross join lateral (
    select changed.*
    from staging.stg_voltage_park__host_node as changed
    where changed.version_id = change.version_id
    offset 0
  ) as node
  where change.entity = 'voltage_park.location' and change.kind <> 'gone'
    and not exists (
      select from staging.stg_voltage_park__host_node as former
      where former.account_id = node.account_id and former.record_key = node.record_key
        and former.ended_at = node.seen_from and former.host_node_id = node.host_node_id
      offset 0
    )
),
placed_resource as (
  select vm.account_id, vm.record_key as resource_id,
    min(vm.created_at) - interval '1 day' as from_at
  from placed_node
  join staging.stg_voltage_park__virtual_machine as vm
    on vm.account_id = placed_node.account_id and vm.host_node_id = placed_node.host_node_id
  group by vm.account_id, vm.record_key
),
combined as (
  select account_id, resource_id, from_at from billed_resource
  union all
  select account_id, resource_id, from_at from hole_resource
  union all
  select account_id, resource_id, from_at from directed_resource
  union all
  select account_id, resource_id, from_at from listed_resource
  union all
  select account_id, resource_id, from_at from placed_resource
)
select account_id, resource_id, from_at from combined
