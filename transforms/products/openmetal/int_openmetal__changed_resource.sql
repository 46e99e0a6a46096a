-- One row per resource that a batch of landing changes touches, with the instant before which
-- nothing about its charges can have changed. The counters of assets touch no charge, but tell that
-- a bill was read, which ends what was assumed while it was not.
with asset_change as (
  select
    change.account_id, asset.asset_id as resource_id, asset.cloud_id,
    case
      when change.kind = 'new'
        or (asset.created_at, asset.addon_code, asset.usd_per_hour, asset.node_ids) is distinct from
          (former.created_at, former.addon_code, former.usd_per_hour, former.node_ids)
        then least(asset.created_at, former.created_at)
      else least(change.previous_seen_to, asset.removed_at, former.removed_at)
    end as from_at
  from taken_change as change
  join staging.stg_openmetal__asset_log as asset using (version_id)
  left join lateral (
    select earlier.*
    from staging.stg_openmetal__asset_log as earlier
    where earlier.account_id = asset.account_id and earlier.record_key = asset.record_key
      and (earlier.seen_from, earlier.version_id) < (asset.seen_from, asset.version_id)
    order by earlier.seen_from desc, earlier.version_id desc
    limit 1
  ) as former on true
),
-- A first bill also takes the place of what the catalogue priced until then.
bill_change as (
  select
    change.account_id, bill.cloud_id, bill.term_starts_at,
    case
      when change.kind = 'new' or not former.is_billing then '-infinity'
      else least(
        change.previous_seen_to,
        bill.term_ends_at,
        case when bill.term_starts_at <> former.term_starts_at then bill.term_starts_at end,
        case
          when bill.activated_at is distinct from former.activated_at
            then least(bill.activated_at, former.activated_at)
        end
      )
    end as from_at
  from taken_change as change
  join staging.stg_openmetal__subscription as bill using (version_id)
  left join lateral (
    select earlier.is_billing, earlier.activated_at, earlier.term_starts_at
    from staging.stg_openmetal__subscription as earlier
    where earlier.account_id = bill.account_id and earlier.slice = bill.slice
      and (earlier.seen_from, earlier.version_id) < (bill.seen_from, bill.version_id)
    order by earlier.seen_from desc, earlier.version_id desc
    limit 1
  ) as former on true
),
bill_look as (
  select
    usage.account_id, usage.cloud_id,
    min(coalesce(change.previous_seen_to, '-infinity')) as previous_read_at
  from taken_change as change
  join staging.stg_openmetal__asset_usage as usage using (version_id)
  group by usage.account_id, usage.cloud_id
),
look_change as (
  select resource.account_id, resource.resource_id, resource.charged_from as from_at
  from bill_look
  join staging.stg_openmetal__subscription as bill using (account_id, cloud_id)
  join intermediate.int_openmetal__cloud_resource as resource using (account_id, cloud_id)
  where bill.is_announced and bill.ended_at is null
  union all
  -- A day more: a look that told nothing new is no bill read.
  select node.account_id, node.node_id, node.assigned_at
  from bill_look
  join staging.stg_openmetal__node as node using (account_id, cloud_id)
  where node.assigned_at > bill_look.previous_read_at - interval '1 day'
),
cloud_change as (
  select
    change.account_id, cloud.cloud_id,
    case
      when change.kind = 'new'
        or (cloud.region_id, cloud.order_id) is distinct from (former.region_id, former.order_id)
        then '-infinity'
      -- The last whole hour of a term that ended since may have ended up to an hour earlier.
      else change.previous_seen_to - interval '1 hour'
    end as from_at
  from taken_change as change
  join staging.stg_openmetal__cloud as cloud using (version_id)
  left join lateral (
    select earlier.region_id, earlier.order_id
    from staging.stg_openmetal__cloud as earlier
    where earlier.account_id = cloud.account_id and earlier.record_key = cloud.record_key
      and (earlier.seen_from, earlier.version_id) <= (cloud.seen_from, cloud.version_id)
      and (change.kind = 'gone' or earlier.version_id <> cloud.version_id)
    order by earlier.seen_from desc, earlier.version_id desc
    limit 1
  ) as former on true
),
-- Facts that decide what a node costs where no bill is shown.
node_change as (
  select
    change.account_id, node.node_id as resource_id,
    case
      when change.kind = 'changed'
        and (node.assigned_at, node.node_type) = (former.assigned_at, former.node_type)
        or change.kind = 'gone'
        then change.previous_seen_to
      else least(node.assigned_at, former.assigned_at)
    end as from_at
  from taken_change as change
  join staging.stg_openmetal__node as node using (version_id)
  left join lateral (
    select earlier.assigned_at, earlier.node_type
    from staging.stg_openmetal__node as earlier
    where earlier.account_id = node.account_id and earlier.record_key = node.record_key
      and (earlier.seen_from, earlier.version_id) < (node.seen_from, node.version_id)
    order by earlier.seen_from desc, earlier.version_id desc
    limit 1
  ) as former on true
  where exists (
    select from intermediate.int_openmetal__node_stay as stay
    where stay.account_id = node.account_id and stay.resource_id = node.node_id
  )
),
price_change as (
  select
    stay.account_id, stay.resource_id,
    case when change.kind = 'new' then stay.assigned_at else change.previous_seen_to end as from_at
  from taken_change as change
  join staging.stg_openmetal__hardware as hardware using (version_id)
  join intermediate.int_openmetal__node_stay as stay
    on stay.account_id = hardware.account_id and stay.region_id = hardware.region_id
    and hardware.sku in (stay.sku, stay.node_type)
),
order_change as (
  select stay.account_id, stay.resource_id, stay.assigned_at as from_at
  from taken_change as change
  join staging.stg_openmetal__order as orders using (version_id)
  join intermediate.int_openmetal__node_stay as stay
    on stay.account_id = orders.account_id and stay.order_id = orders.order_id
),
-- Facts that change how a resource is described, and nothing that was charged.
description_change as (
  select asset.account_id, asset.resource_id, node.seen_from as from_at
  from taken_change as change
  join staging.stg_openmetal__node as node using (version_id)
  join intermediate.int_openmetal__asset as asset
    on asset.account_id = node.account_id and node.node_id = any (asset.node_ids)
  union all
  select resource.account_id, resource.resource_id, location.seen_from
  from taken_change as change
  join staging.stg_openmetal__location as location using (version_id)
  join intermediate.int_openmetal__cloud_life as cloud
    on cloud.account_id = location.account_id and cloud.region_id = location.region_id
  join intermediate.int_openmetal__cloud_resource as resource
    on resource.account_id = cloud.account_id and resource.cloud_id = cloud.cloud_id
),
changed as (
  select account_id, resource_id, from_at from asset_change
  union all
  -- The discount of a term that was not seen whole is worked out from its assets.
  select account_id, cloud_id || '/discount', from_at from asset_change
  union all
  select
    resource.account_id, resource.resource_id, greatest(of_cloud.from_at, resource.charged_from)
  from (
    select account_id, cloud_id, from_at from bill_change
    union all
    select account_id, cloud_id, from_at from cloud_change
  ) as of_cloud
  join intermediate.int_openmetal__cloud_resource as resource using (account_id, cloud_id)
  union all
  -- A term's discount is booked on its last day, which the next term may have brought forward.
  select account_id, cloud_id || '/discount', term_starts_at
  from bill_change
  where term_starts_at is not null
  union all
  select account_id, resource_id, from_at from node_change
  union all
  select account_id, resource_id, from_at from price_change
  union all
  select account_id, resource_id, from_at from look_change
  union all
  select account_id, resource_id, from_at from order_change
  union all
  select account_id, resource_id, from_at from description_change
)
select account_id, resource_id, min(from_at) as from_at
from changed
group by account_id, resource_id
