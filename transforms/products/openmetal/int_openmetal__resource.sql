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
-- The last term that began before the removal, and that began at all, ends the charges.
subscribed_term as (
  select
    subscribed.account_id, subscribed.resource_id,
    term.activated_at, term.is_first, term.term_starts_at, term.term_ends_at, term.term_length,
    term.next_starts_at, term.renews_until,
    case
      when subscribed.removed_at <= term.term_ends_at
        then subscribed.removed_at - interval '1 microsecond'
      else greatest(
        term.term_ends_at - interval '1 microsecond',
        least(subscribed.removed_at - interval '1 microsecond', term.renews_until)
      )
    end as last_at,
    extract(epoch from term.term_length) as term_seconds
  from subscribed
  join term using (account_id, cloud_id)
),
billing as (
  select
    account_id, resource_id,
    min(activated_at) as activated_at,
    max(
      case
        when last_at < term_starts_at then term_starts_at
          - floor(extract(epoch from term_starts_at - last_at) / term_seconds) * term_length
        when last_at < term_ends_at or renews_until is null then term_ends_at
        when last_at = 'infinity' then 'infinity'
        else least(
          term_ends_at
            + (floor(extract(epoch from last_at - term_ends_at) / term_seconds) + 1) * term_length,
          next_starts_at
        )
      end
    ) filter (where last_at >= term_starts_at or is_first and last_at >= activated_at) as ends_at
  from subscribed_term
  group by account_id, resource_id
),
node as (
  select distinct on (account_id, resource_id)
    stay.*,
    min(stay.assigned_at) over (partition by stay.account_id, stay.resource_id)
      as first_assigned_at,
    min(stay.charged_from) over (partition by stay.account_id, stay.resource_id)
      as first_charged_from
  from intermediate.int_openmetal__node_stay as stay
  order by account_id, resource_id, assigned_at desc
)
select
  subscribed.account_id, subscribed.resource_id, subscribed.cloud_id,
  subscribed.name, subscribed.kind, subscribed.sku, subscribed.node_ids,
  subscribed.created_at as known_from,
  greatest(subscribed.created_at, billing.activated_at) as started_at,
  subscribed.left_at,
  case
    when billing.ends_at is null then subscribed.left_at
    else nullif(billing.ends_at, 'infinity')
  end as ended_at,
  subscribed.source_version
from subscribed
left join billing using (account_id, resource_id)
union all
select
  account_id, resource_id, cloud_id,
  hostname, 'server', coalesce(sku, node_type), array[resource_id],
  first_assigned_at,
  first_charged_from,
  gone_at,
  gone_at,
  first_version_id
from node
