-- One row per node or IP block that a batch of landing changes touches and that no bill was shown
-- for, with the instant before which nothing about its charges can have changed: facts of its own,
-- prices, the order that made its cloud, looks at bills. (Facts of its cloud: see openmetal.)
with node_change as (
  select
    change.account_id, node.node_id as resource_id,
    case
      when change.kind = 'gone'
        or change.kind = 'changed'
          and (node.assigned_at, node.node_type) = (former.assigned_at, former.node_type)
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
),
stay as materialized (
  select * from intermediate.int_openmetal__unread_stay
),
first_node_change as (
  select stay.account_id, stay.resource_id, least(node_change.from_at, stay.starts_at) as from_at
  from node_change
  join staging.stg_openmetal__node as node
    on node.account_id = node_change.account_id and node.record_key = node_change.resource_id
  join stay on stay.account_id = node.account_id and stay.cloud_id = node.cloud_id
  where node_change.from_at <= stay.paid_from
),
block_change as (
  select
    prefix.account_id, prefix.prefix_id as resource_id,
    case
      when change.kind = 'gone' then change.previous_seen_to
      else coalesce(prefix.created_at, '-infinity')
    end as from_at
  from taken_change as change
  join staging.stg_openmetal__prefix as prefix using (version_id)
),
price_change as (
  select
    stay.account_id, stay.resource_id,
    case when change.kind = 'new' then stay.starts_at else change.previous_seen_to end as from_at
  from taken_change as change
  join intermediate.int_openmetal__catalogue_price as price using (version_id)
  join stay
    on stay.account_id = price.account_id and stay.region_id = price.region_id
    and stay.kind = price.kind and price.sku in (stay.sku, stay.stated_code)
),
order_change as (
  select stay.account_id, stay.resource_id, stay.starts_at as from_at
  from taken_change as change
  join staging.stg_openmetal__order as orders using (version_id)
  join stay on stay.account_id = orders.account_id and stay.order_id = orders.order_id
),
-- An activation that a bill tells of says how long trials are.
trial_change as (
  select stay.account_id, stay.resource_id, stay.starts_at as from_at
  from taken_change as change
  join intermediate.int_openmetal__bill_change as bill using (version_id)
  join stay on stay.account_id = bill.account_id
  where bill.is_activated_anew
  union all
  select stay.account_id, stay.resource_id, stay.starts_at
  from taken_change as change
  join intermediate.int_openmetal__asset_change as asset using (version_id)
  join stay on stay.account_id = asset.account_id
  where asset.redefined_from is not null
),
-- A day more: a look that told nothing new is no bill read.
look_change as (
  select present.account_id, present.resource_id, present.charged_from as from_at
  from taken_change as change
  join staging.stg_openmetal__asset_usage as usage using (version_id)
  join intermediate.int_openmetal__cloud_resource as present
    on present.account_id = usage.account_id and present.cloud_id = usage.cloud_id
  where present.charged_from
    > coalesce(change.previous_seen_to, '-infinity') - interval '1 day'
),
changed as (
  select account_id, resource_id, from_at from node_change
  union all
  select account_id, resource_id, from_at from first_node_change
  union all
  select account_id, resource_id, from_at from block_change
  union all
  select account_id, resource_id, from_at from price_change
  union all
  select account_id, resource_id, from_at from order_change
  union all
  select account_id, resource_id, from_at from trial_change
  union all
  select account_id, resource_id, from_at from look_change
)
select account_id, resource_id, min(from_at) as from_at
from changed
group by account_id, resource_id
