-- One row per series of billing terms of equal length: each term that was shown, which is a series
-- of one, and the terms that nobody looked at, which are stepped to from a shown neighbour by its
-- length: back from the first one to the activation, and on from one to the next or, from the last
-- one, while the subscription renews itself and lives. A term of the series starts every
-- `term_length` from `first_at` to `last_at` (infinity: no end is known), yet not before the
-- activation, and ends at the latest at `ends_by`.
--
-- What is left between two terms, or before the first one, and is shorter than a day is no term: no
-- bill would show it.
select
  shown.account_id,
  shown.cloud_id,
  shown.subscription_id,
  shown.term_key,
  shown.version_id,
  shown.first_version_id,

  shown.gross_in_cents,
  shown.net_in_cents,
  shown.is_net_assumed,
  shown.stated_discount_share,

  series.is_shown,
  shown.is_announced,
  shown.activated_at,
  shown.term_length,
  series.first_at,
  series.last_at,
  series.ends_by,
  shown.next_starts_at,
  shown.renews_until,
  shown.shown_until,
  case when series.is_shown then shown.confirmed_until end as confirmed_until,
  shown.alive_until,
  shown.deleted_at
from intermediate.int_openmetal__shown_term as shown
cross join lateral (
  select
    true as is_shown,
    term_starts_at as first_at, term_starts_at as last_at, term_ends_at as ends_by
  union all
  select
    false,
    term_ends_at, coalesce(next_starts_at - interval '24 hours', renews_until), next_starts_at
  where renews_until is not null
  union all
  select
    false,
    term_starts_at - term_length * ceil(
      extract(epoch from term_starts_at - activated_at) / extract(epoch from term_length)
    ),
    term_starts_at - interval '24 hours',
    term_starts_at
  where is_first
) as series
where series.first_at <= series.last_at
