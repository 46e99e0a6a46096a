-- One row per stay of a node or IP block that no bill was shown for (403 or 404): what the catalogue
-- prices instead of assets. Either its cloud's bill was never shown to us, or not since it came.
--
-- Until `paid_from` it is on trial: the activation that the bill told, when one was read once; else
-- as long after the cloud's first node as the clouds of the account whose bills are shown had to
-- wait for theirs (the median; nothing where there is none). A node's SKU is its type where the
-- catalogue of its pod has it, else the one SKU of the order that made the cloud; an IP block's is
-- the catalogue's code of its size where the catalogue lacks the one that it names.
with block_code (prefix_length, addon_code) as (
  values
    (28, 'ipv4_block_28'), (27, 'ip_block_32'), (26, 'ip_block_64'), (25, 'ip_block_128'),
    (24, 'ip_block_256')
),
present as (
  select
    account_id, resource_id, cloud_id, stay_key, first_version_id,
    'node' as kind, hostname as name, node_type as stated_code, null::numeric as prefix_length,
    assigned_at as starts_at, gone_at
  from intermediate.int_openmetal__node_stay
  union all
  select
    prefix.account_id, prefix.prefix_id, prefix.cloud_id,
    'block', first_version.version_id,
    'ip-block', coalesce(prefix.label, prefix.cidr), prefix.addon_code, prefix.prefix_length,
    coalesce(prefix.created_at, first_version.seen_from),
    least(prefix.ended_at, cloud.deleted_at)
  from staging.stg_openmetal__prefix as prefix
  join intermediate.int_openmetal__cloud_life as cloud using (account_id, cloud_id)
  cross join lateral (
    select min(former.version_id) as version_id, min(former.seen_from) as seen_from
    from staging.stg_openmetal__prefix as former
    where former.account_id = prefix.account_id and former.record_key = prefix.record_key
  ) as first_version
  where prefix.is_billable
    and not exists (
      select from staging.stg_openmetal__prefix as later
      where later.account_id = prefix.account_id and later.record_key = prefix.record_key
        and (later.seen_from, later.version_id) > (prefix.seen_from, prefix.version_id)
    )
),
unread as (
  select present.*, look.read_at
  from present
  left join intermediate.int_openmetal__bill_look as look using (account_id, cloud_id)
  where look.read_at is null
    or look.read_at < present.starts_at and not exists (
      select from staging.stg_openmetal__asset_log as asset
      where asset.account_id = present.account_id
        and asset.cloud_id = present.cloud_id
        and present.resource_id = any (asset.node_ids)
    )
),
bill as (
  select distinct on (account_id, cloud_id) account_id, cloud_id, activated_at
  from staging.stg_openmetal__subscription
  order by account_id, cloud_id, seen_from desc, version_id desc
),
first_asset as (
  select account_id, cloud_id, min(created_at) as at
  from staging.stg_openmetal__asset_log
  group by account_id, cloud_id
),
trial as (
  select
    bill.account_id,
    -- In seconds: an interval of days would follow the session's time zone.
    percentile_disc(0.5) within group (
      order by greatest(extract(epoch from bill.activated_at - first_asset.at), 0)
    ) * interval '1 second' as length
  from bill
  join first_asset using (account_id, cloud_id)
  where bill.activated_at is not null
  group by bill.account_id
),
first_node as (
  select account_id, cloud_id, min(assigned_at) as at
  from staging.stg_openmetal__node
  group by account_id, cloud_id
)
select
  unread.account_id,
  unread.resource_id,
  unread.cloud_id,
  unread.stay_key,
  cloud.order_id,
  unread.first_version_id,

  unread.kind,
  unread.name,
  unread.stated_code,
  case unread.kind
    when 'node' then coalesce(catalogued.sku, ordered.hardware_sku)
    else coalesce(priced_code.addon_code, sized_code.addon_code)
  end as sku,
  cloud.region_id,

  unread.starts_at,
  greatest(
    unread.starts_at,
    case
      when unread.read_at is not null then bill.activated_at
      else coalesce(first_node.at, unread.starts_at) + trial.length
    end
  ) as paid_from,
  unread.gone_at
from unread
join intermediate.int_openmetal__cloud_life as cloud using (account_id, cloud_id)
left join bill using (account_id, cloud_id)
left join trial using (account_id)
left join first_node using (account_id, cloud_id)
left join lateral (
  select hardware.sku
  from staging.stg_openmetal__hardware as hardware
  where hardware.account_id = unread.account_id
    and hardware.record_key = unread.stated_code
    and hardware.region_id = cloud.region_id
  limit 1
) as catalogued on true
left join lateral (
  select orders.hardware_sku
  from staging.stg_openmetal__order as orders
  where orders.account_id = unread.account_id and orders.record_key = cloud.order_id
  order by orders.seen_from desc, orders.version_id desc
  limit 1
) as ordered on true
left join lateral (
  select addon.addon_code
  from staging.stg_openmetal__addon_price as addon
  where addon.account_id = unread.account_id and addon.slice = cloud.region_id
    and addon.addon_code = unread.stated_code
  limit 1
) as priced_code on true
left join block_code as sized_code using (prefix_length)
