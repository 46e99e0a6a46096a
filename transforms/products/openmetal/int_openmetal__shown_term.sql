-- One row per cloud and billing term that its subscription showed, as shown last. Terms are told
-- apart by the UTC day on which they start; one ends at the latest where the next begins. A term
-- that was announced, and whose beginning no look could confirm or deny, is one (`is_announced`).
--
-- A term that nobody looked at is stepped to from its neighbour, by the neighbour's length: between
-- two shown terms of one subscription, back from the first one to the activation, and on from the
-- last one while the subscription renews itself and lives. A further term starts at or before
-- `renews_until` (infinity: no end is known); null: none follows.
with cloud as materialized (
  select account_id, cloud_id, alive_until, deleted_at
  from intermediate.int_openmetal__cloud_life
),
version as (
  select
    subscription.*,
    (term_starts_at at time zone 'UTC')::date as term_date,
    first_value(version_id) over newest_first as newest_version_id,
    first_value(is_renewing) over newest_first as is_renewing_now,
    first_value(case when ended_because = 'gone' then seen_to else 'infinity' end)
      over newest_first as listed_until
  from staging.stg_openmetal__subscription as subscription
  window newest_first as (
    partition by account_id, cloud_id order by seen_from desc, version_id desc
  )
),
shown as (
  select
    version.*,
    min(version_id) over term_versions as first_version_id,
    row_number() over (term_versions order by seen_from desc, version_id desc) as place
  from version
  left join intermediate.int_openmetal__bill_look as look using (account_id, cloud_id)
  where activated_at is not null and term_ends_at > term_starts_at
    and (
      is_billing
      or is_announced and version_id = newest_version_id and look.read_at < activated_at
    )
  window term_versions as (partition by account_id, cloud_id, term_date)
),
term as (
  select
    shown.*,
    row_number() over cloud_terms = 1 as is_first,
    lead(term_starts_at) over cloud_terms as next_starts_at,
    lead(subscription_id) over cloud_terms as next_subscription_id
  from shown
  where place = 1
  window cloud_terms as (partition by account_id, cloud_id order by term_starts_at)
)
select
  term.account_id,
  term.cloud_id,
  term.version_id,
  term.first_version_id,

  term.gross_in_cents,
  term.net_in_cents,
  term.usage_hours,
  term.stated_discount_share,

  term.is_first,
  term.is_announced,
  term.activated_at,
  term.term_starts_at,
  least(term.term_ends_at, term.next_starts_at) as term_ends_at,
  -- In seconds: an interval of days would follow the session's time zone.
  extract(epoch from term.term_ends_at - term.term_starts_at) * interval '1 second'
    as term_length,
  term.next_starts_at,
  case
    when term.next_starts_at is not null then case
      when term.is_renewing and term.next_subscription_id is not distinct from term.subscription_id
        then term.next_starts_at
    end
    when term.is_renewing and term.is_renewing_now then least(
      term.listed_until,
      case
        when cloud.deleted_at is null then 'infinity'
        else coalesce(cloud.alive_until, '-infinity')
      end
    )
  end as renews_until,
  term.seen_to as shown_until,
  cloud.alive_until,
  cloud.deleted_at
from term
left join cloud using (account_id, cloud_id)
