-- One row per thing that is charged: an asset of a subscription, a node or IP block that the
-- catalogue prices instead, and the discount of a cloud that has one. `left_at` is when it was
-- removed; `ended_at`, when its charges end, is the end of the term that was running then (null: no
-- end is known).
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
    min(term.version_id) filter (where term.gross_in_cents <> term.net_in_cents)
  from term
  join intermediate.int_openmetal__cloud_life as cloud using (account_id, cloud_id)
  group by cloud.account_id, cloud.cloud_id, cloud.label, cloud.deleted_at
  having bool_or(term.gross_in_cents <> term.net_in_cents)
),
-- Each life of an asset on a cloud, and the discount, is charged by the cloud's terms.
charged_life as (
  select
    account_id, resource_id, cloud_id, created_at, coalesce(removed_at, 'infinity') as removed_at
  from intermediate.int_openmetal__asset_stay
  union all
  select account_id, resource_id, cloud_id, created_at, 'infinity'
  from subscribed
  where kind = 'discount'
),
-- The last term that began before the removal, and that began at all, ends the charges.
subscribed_term as (
  select
    subscribed.account_id, subscribed.resource_id, subscribed.created_at,
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
  from charged_life as subscribed
  join term using (account_id, cloud_id)
),
billing as (
  select
    account_id, resource_id,
    min(greatest(created_at, activated_at)) as started_at,
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
unread as (
  select distinct on (account_id, resource_id)
    stay.*,
    min(starts_at) over stays as first_starts_at,
    min(paid_from) over stays as first_paid_from,
    min(first_version_id) over stays as source_version
  from intermediate.int_openmetal__unread_stay as stay
  window stays as (partition by account_id, resource_id)
  order by account_id, resource_id, starts_at desc, first_version_id desc
)
select
  subscribed.account_id, subscribed.resource_id, subscribed.cloud_id,
  subscribed.name, subscribed.kind, subscribed.sku, subscribed.node_ids,
  subscribed.created_at as known_from,
  coalesce(billing.started_at, subscribed.created_at) as started_at,
  subscribed.left_at,
  case
    when billing.ends_at is null then subscribed.left_at
    else nullif(billing.ends_at, 'infinity')
  end as ended_at,
  subscribed.source_version
from subscribed
left join billing using (account_id, resource_id)
union all
-- A term that ran when it left may charge for it for up to 30 days more.
select
  account_id, resource_id, cloud_id,
  name,
  case kind when 'node' then 'server' else 'ip block' end,
  coalesce(sku, stated_code),
  case kind when 'node' then array[resource_id] else '{}' end,
  first_starts_at,
  least(first_starts_at, first_paid_from),
  gone_at,
  gone_at + interval '720 hours',
  source_version
from unread
