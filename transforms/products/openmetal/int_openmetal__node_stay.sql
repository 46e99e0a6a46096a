-- One row per stay of a node that no bill was shown for (403 or 404): what the catalogue prices
-- instead of assets. Either its cloud's subscription was never shown to us, or not since it joined
-- (`is_unread`): then it is not charged before the activation that the bill told. No answer says
-- when a node left: it was there until `sure_until` and gone by `gone_at`; both are null while it is
-- listed.
--
-- The SKU is the node's type where the catalogue of its pod has it, else the one SKU of the order
-- that made the cloud.
with stay as (
  select
    node.*,
    look.read_at is not null as is_unread,
    greatest(node.assigned_at, bill.activated_at) as charged_from
  from staging.stg_openmetal__node as node
  left join intermediate.int_openmetal__bill_look as look using (account_id, cloud_id)
  left join lateral (
    select latest.activated_at
    from staging.stg_openmetal__subscription as latest
    where latest.account_id = node.account_id and latest.slice = node.cloud_id
    order by latest.seen_from desc, latest.version_id desc
    limit 1
  ) as bill on true
  where not exists (
    select from staging.stg_openmetal__node as later
    where later.account_id = node.account_id
      and later.record_key = node.record_key
      and later.slice = node.slice
      and later.assigned_at = node.assigned_at
      and (later.seen_from, later.version_id) > (node.seen_from, node.version_id)
  )
  and (
    look.read_at is null
    or look.read_at < node.assigned_at and not exists (
      select from staging.stg_openmetal__asset_log as asset
      where asset.account_id = node.account_id
        and asset.cloud_id = node.cloud_id
        and node.node_id = any (asset.node_ids)
    )
  )
)
select
  stay.account_id,
  stay.node_id as resource_id,
  stay.cloud_id,
  cloud.order_id,
  first_version.version_id as first_version_id,

  stay.hostname,
  stay.node_type,
  stay.is_unread,
  coalesce(catalogued.sku, ordered.hardware_sku) as sku,
  cloud.region_id,

  stay.assigned_at,
  stay.charged_from,
  least(
    stay.seen_to,
    case when cloud.deleted_at is not null then coalesce(cloud.alive_until, stay.assigned_at) end
  ) as sure_until,
  least(stay.ended_at, cloud.deleted_at) as gone_at
from stay
join intermediate.int_openmetal__cloud_life as cloud using (account_id, cloud_id)
cross join lateral (
  select min(node.version_id) as version_id
  from staging.stg_openmetal__node as node
  where node.account_id = stay.account_id
    and node.record_key = stay.record_key
    and node.slice = stay.slice
    and node.assigned_at = stay.assigned_at
) as first_version
left join lateral (
  select hardware.sku
  from staging.stg_openmetal__hardware as hardware
  where hardware.account_id = stay.account_id
    and hardware.record_key = stay.node_type
    and hardware.region_id = cloud.region_id
  limit 1
) as catalogued on true
left join lateral (
  select orders.hardware_sku
  from staging.stg_openmetal__order as orders
  where orders.account_id = stay.account_id and orders.record_key = cloud.order_id
  order by orders.seen_from desc, orders.version_id desc
  limit 1
) as ordered on true
