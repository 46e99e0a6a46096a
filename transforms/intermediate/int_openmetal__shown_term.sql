-- One row per cloud and billing term that its subscription showed, as shown last. Terms are told
-- apart by the UTC day on which they start; one ends at the latest where the next begins.
--
-- A term that nobody looked at is stepped to from its neighbour, by the neighbour's length: between
-- two shown terms of one subscription, back from the first one to the activation, and on from the
-- last one while the subscription renews itself and lives. A further term starts at or before
-- `renews_until` (infinity: no end is known); null: none follows.
with shown as (
  select
    subscription.*,
    (term_starts_at at time zone 'UTC')::date as term_date,
    min(version_id) over (
      partition by account_id, cloud_id, (term_starts_at at time zone 'UTC')::date
    ) as first_version_id
  from staging.stg_openmetal__subscription as subscription
  where is_billing and activated_at is not null and term_ends_at > term_starts_at
),
term as (
  select distinct on (account_id, cloud_id, term_date) *
  from shown
  order by account_id, cloud_id, term_date, seen_from desc, version_id desc
),
latest as (
  select distinct on (account_id, cloud_id)
    account_id, cloud_id, is_renewing,
    case when ended_because = 'gone' then seen_to else 'infinity' end as listed_until
  from staging.stg_openmetal__subscription
  order by account_id, cloud_id, seen_from desc, version_id desc
),
in_sequence as (
  select
    term.*,
    row_number() over cloud_terms = 1 as is_first,
    lead(term_starts_at) over cloud_terms as next_starts_at,
    lead(subscription_id) over cloud_terms as next_subscription_id
  from term
  window cloud_terms as (partition by account_id, cloud_id order by term_starts_at)
)
select
  in_sequence.account_id,
  in_sequence.cloud_id,
  in_sequence.version_id,
  in_sequence.first_version_id,

  in_sequence.gross_in_cents,
  in_sequence.net_in_cents,

  in_sequence.is_first,
  in_sequence.activated_at,
  in_sequence.term_starts_at,
  least(in_sequence.term_ends_at, in_sequence.next_starts_at) as term_ends_at,
  -- In seconds: an interval of days would follow the session's time zone.
  make_interval(secs => extract(epoch from in_sequence.term_ends_at - in_sequence.term_starts_at)::float8)
    as term_length,
  in_sequence.next_starts_at,
  case
    when in_sequence.next_starts_at is not null then case
      when in_sequence.is_renewing
        and in_sequence.next_subscription_id is not distinct from in_sequence.subscription_id
        then in_sequence.next_starts_at
    end
    when in_sequence.is_renewing and latest.is_renewing then least(
      latest.listed_until,
      case
        when cloud.deleted_at is null then 'infinity'
        else coalesce(cloud.alive_until, '-infinity')
      end
    )
  end as renews_until,
  in_sequence.seen_to as shown_until,
  cloud.alive_until,
  cloud.deleted_at
from in_sequence
join latest using (account_id, cloud_id)
left join intermediate.int_openmetal__cloud_life as cloud using (account_id, cloud_id)
