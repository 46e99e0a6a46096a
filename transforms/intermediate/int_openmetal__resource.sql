-- One row per thing that is charged: an asset of a subscription, a node that the catalogue prices
-- instead, and the discount of a cloud that has one. `left_at` is when it was removed; `ended_at`,
-- when its charges end, is the end of the term that was running then (null: no end is known).
with term as materialized (
  select * from intermediate.int_openmetal__shown_term
),
subscribed as (
  select
    asset.account_id, asset.resource_id, asset.cloud_id,
    concat_ws(' in ', coalesce(asset.name, asset.addon_code), cloud.label) as name,
    asset.kind,
    asset.addon_code as sku,
    asset.node_ids,
    asset.created_at,
    least(asset.removed_at, cloud.deleted_at) as left_at,
    coalesce(asset.removed_at, 'infinity') as removed_at,
    asset.first_version_id as source_version
  from intermediate.int_openmetal__asset as asset
  join intermediate.int_openmetal__cloud_life as cloud using (account_id, cloud_id)
  union all
  select
    cloud.account_id, cloud.cloud_id || '/discount', cloud.cloud_id,
    concat_ws(' of ', 'Discount', cloud.label),
    'discount',
    null,
    '{}',
    min(term.activated_at),
    cloud.deleted_at,
    'infinity',
    min(term.version_id) filter (where term.gross_in_cents <> term.net_in_cents)
  from term
  join intermediate.int_openmetal__cloud_life as cloud using (account_id, cloud_id)
  group by cloud.account_id, cloud.cloud_id, cloud.label, cloud.deleted_at
  having bool_or(term.gross_in_cents <> term.net_in_cents)
),
subscribed_span as (
  select subscribed.*, billing.activated_at, billing.ends_at
  from subscribed
  left join lateral (
    select
      min(term.activated_at) as activated_at,
      max(
        case
          when bound.at < term.term_starts_at then
            term.term_starts_at
            - floor(extract(epoch from term.term_starts_at - bound.at) / length.seconds)
            * term.term_length
          when bound.at < term.term_ends_at or term.renews_until is null then term.term_ends_at
          when bound.at = 'infinity' then 'infinity'
          else least(
            term.term_ends_at
              + (floor(extract(epoch from bound.at - term.term_ends_at) / length.seconds) + 1)
              * term.term_length,
            term.next_starts_at
          )
        end
      ) filter (
        where bound.at >= term.term_starts_at or term.is_first and bound.at >= term.activated_at
      ) as ends_at
    from term
    cross join lateral (
      -- Within the last term that began before the removal, and that began at all.
      select case
        when subscribed.removed_at <= term.term_ends_at
          then subscribed.removed_at - interval '1 microsecond'
        else greatest(
          term.term_ends_at - interval '1 microsecond',
          least(subscribed.removed_at - interval '1 microsecond', term.renews_until)
        )
      end as at
    ) as bound
    cross join lateral (select extract(epoch from term.term_length) as seconds) as length
    where term.account_id = subscribed.account_id and term.cloud_id = subscribed.cloud_id
  ) as billing on true
),
node as (
  select distinct on (account_id, resource_id)
    stay.*,
    min(stay.assigned_at) over (partition by stay.account_id, stay.resource_id) as first_assigned_at
  from intermediate.int_openmetal__node_stay as stay
  order by account_id, resource_id, assigned_at desc
)
select
  account_id, resource_id, cloud_id,
  name, kind, sku, node_ids,
  created_at as known_from,
  greatest(created_at, activated_at) as started_at,
  left_at,
  case when ends_at is null then left_at else nullif(ends_at, 'infinity') end as ended_at,
  source_version
from subscribed_span
union all
select
  account_id, resource_id, cloud_id,
  hostname, 'server', coalesce(sku, node_type), array[resource_id],
  first_assigned_at,
  first_assigned_at,
  gone_at,
  gone_at,
  first_version_id
from node
