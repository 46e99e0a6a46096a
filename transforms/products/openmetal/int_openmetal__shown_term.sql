-- One row per cloud and billing term that its subscription showed, as shown last. Versions of one
-- subscription whose terms start less than a day apart show one term, whose start was restated; one
-- ends at the latest where the next begins. A term that was announced, and whose beginning no look
-- could confirm or deny, is one (`is_announced`).
--
-- `term_key` names the term for good, by its subscription and its start as stated first. `is_ending`
-- says that none follows, because the cloud was deleted or the subscription is over. The bill was
-- read last at `confirmed_until`.
--
-- A further term starts at or before `renews_until`, while the subscription renews itself and the
-- cloud lives (infinity: no end is known); null: none follows.
with cloud as materialized (
  select account_id, cloud_id, alive_until, deleted_at
  from intermediate.int_openmetal__cloud_life
),
version as (
  select
    subscription.*,
    first_value(version_id) over newest_first as newest_version_id,
    first_value(is_renewing) over newest_first as is_renewing_now,
    first_value(case when ended_because = 'gone' then seen_to else 'infinity' end)
      over newest_first as listed_until
  from staging.stg_openmetal__subscription as subscription
  window newest_first as (
    partition by account_id, cloud_id order by seen_from desc, version_id desc
  )
),
billing as (
  select
    version.*,
    look.read_at,
    coalesce(
      term_starts_at - lag(term_starts_at) over (
        partition by account_id, cloud_id, subscription_id order by term_starts_at, version_id
      ) >= interval '24 hours',
      true
    ) as is_another
  from version
  left join intermediate.int_openmetal__bill_look as look using (account_id, cloud_id)
  where activated_at is not null and term_ends_at > term_starts_at
    and (
      is_billing
      or is_announced and version_id = newest_version_id and look.read_at < activated_at
    )
),
numbered as (
  select
    billing.*,
    count(*) filter (where is_another) over (
      partition by account_id, cloud_id, subscription_id order by term_starts_at, version_id
    ) as term_number
  from billing
),
shown as (
  select
    numbered.*,
    min(version_id) over term as first_version_id,
    first_value(term_starts_at) over (
      partition by account_id, cloud_id, subscription_id, term_number
      order by seen_from, version_id
    ) as first_starts_at,
    row_number() over (
      partition by account_id, cloud_id, subscription_id, term_number
      order by seen_from desc, version_id desc
    ) as place
  from numbered
  window term as (partition by account_id, cloud_id, subscription_id, term_number)
),
term as (
  select
    shown.*,
    row_number() over cloud_terms = 1 as is_first,
    lead(term_starts_at) over cloud_terms as next_starts_at,
    lead(subscription_id) over cloud_terms as next_subscription_id
  from shown
  where place = 1
  window cloud_terms as (
    partition by account_id, cloud_id order by term_starts_at, first_version_id
  )
)
select
  term.account_id,
  term.cloud_id,
  term.subscription_id,
  concat_ws('@', term.subscription_id, (extract(epoch from term.first_starts_at) * 1000000)::bigint)
    as term_key,
  term.version_id,
  term.first_version_id,

  term.gross_in_cents,
  term.total_in_cents,
  term.net_in_cents,
  term.is_net_assumed,
  term.usage_hours,
  term.stated_discount_share,

  term.is_first,
  term.is_announced,
  term.next_starts_at is null
    and (cloud.deleted_at is not null or term.state in ('canceled', 'expired')) as is_ending,
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
  coalesce(term.seen_to, term.read_at) as confirmed_until,
  cloud.alive_until,
  cloud.deleted_at
from term
left join cloud using (account_id, cloud_id)
