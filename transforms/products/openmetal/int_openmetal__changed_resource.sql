-- One row per asset or discount that a batch of landing changes touches, with the instant before
-- which nothing about its charges can have changed. The counters of assets touch no charge, but say
-- that a bill was read, which ends what was assumed while it was not.
with asset_change as (
  select
    asset.account_id, asset.resource_id, asset.cloud_id,
    case
      when change.kind = 'new' then least(asset.created_at, asset.redefined_from)
      else coalesce(asset.redefined_from, least(change.previous_seen_to, asset.removal_at))
    end as from_at
  from taken_change as change
  join intermediate.int_openmetal__asset_change as asset using (version_id)
),
-- Facts of a cloud that all its charges rest on.
cloud_change as (
  select
    bill.account_id, bill.cloud_id,
    case
      when change.kind = 'new' then '-infinity'
      else least(change.previous_seen_to, bill.changed_from)
    end as from_at
  from taken_change as change
  join intermediate.int_openmetal__bill_change as bill using (version_id)
  union all
  select
    cloud.account_id, cloud.cloud_id,
    case
      when change.kind = 'new' or change.kind = 'changed' and cloud.is_another then '-infinity'
      -- The last whole hour of a term that ended since may have ended up to an hour earlier.
      else change.previous_seen_to - interval '1 hour'
    end
  from taken_change as change
  join intermediate.int_openmetal__cloud_change as cloud using (version_id)
  union all
  -- A cloud's state may say that it is deleted.
  select stats.account_id, stats.cloud_id, change.previous_seen_to - interval '1 hour'
  from taken_change as change
  join staging.stg_openmetal__cloud_stats as stats using (version_id)
  where change.previous_seen_to is not null
),
bill_look as (
  select
    usage.account_id, usage.cloud_id,
    min(coalesce(change.previous_seen_to, '-infinity')) as previous_read_at
  from taken_change as change
  join staging.stg_openmetal__asset_usage as usage using (version_id)
  group by usage.account_id, usage.cloud_id
),
resource as materialized (
  select * from intermediate.int_openmetal__cloud_resource
),
term_length as materialized (
  select account_id, cloud_id, max(term_length) as term_length
  from intermediate.int_openmetal__shown_term
  group by account_id, cloud_id
),
-- What the total of a term decides may have changed from the start of the term on: the discount, and
-- what is charged after the removal of an asset or the deletion of the cloud.
by_total as (
  select
    resource.account_id, resource.resource_id,
    touched.from_at - coalesce(length.term_length, interval '0') as from_at
  from (
    select account_id, cloud_id, from_at from asset_change
    union all
    select account_id, cloud_id, from_at from cloud_change
  ) as touched
  join intermediate.int_openmetal__cloud_life as cloud using (account_id, cloud_id)
  join resource using (account_id, cloud_id)
  left join term_length as length using (account_id, cloud_id)
  where resource.removed_at is not null
    or cloud.deleted_at is not null
    or resource.resource_id = cloud.cloud_id || '/discount'
),
-- What a look at the bill makes certain or ends. A day more: a look that told nothing new is no bill
-- read.
by_look as (
  select resource.account_id, resource.resource_id, resource.charged_from as from_at
  from bill_look
  join staging.stg_openmetal__subscription as bill using (account_id, cloud_id)
  join resource using (account_id, cloud_id)
  where bill.is_announced and bill.ended_at is null
  union all
  select
    resource.account_id, resource.resource_id,
    least(cloud.alive_until, resource.removed_at, bill_look.previous_read_at) - interval '1 day'
  from bill_look
  join intermediate.int_openmetal__cloud_life as cloud using (account_id, cloud_id)
  join resource using (account_id, cloud_id)
  where cloud.deleted_at is not null
    or resource.removed_at > bill_look.previous_read_at - interval '1 day'
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
  join resource
    on resource.account_id = cloud.account_id and resource.cloud_id = cloud.cloud_id
),
changed as (
  select account_id, resource_id, from_at from asset_change
  union all
  select
    resource.account_id, resource.resource_id, greatest(touched.from_at, resource.charged_from)
  from cloud_change as touched
  join resource using (account_id, cloud_id)
  union all
  select account_id, resource_id, from_at from by_total
  union all
  select account_id, resource_id, from_at from by_look
  union all
  select account_id, resource_id, from_at from description_change
)
select account_id, resource_id, min(from_at) as from_at
from changed
group by account_id, resource_id
