-- One row per asset, life and shown term of which the bill's total covers less than the hours until
-- the term's end: what is not in the total is not owed. Hours that end at or after `kept_until` are
-- those. No document says whether an asset is owed after its removal, or a cloud after its deletion;
-- the last bill of the term decides, for its total does not move once they are gone.
--
-- A total knows nothing of what left after it was read last: it counts that to the term's end. It
-- covers first the hours in which an asset is known to have been there, in their order, then the
-- others, and last those after a stated removal: a total below the whole term shows that they cost
-- nothing. Of a deleted cloud they are the last where the total is what the term costs without
-- them. It takes hours of the former only from a cloud or subscription that is over: else
-- a total below them is a difference for the reconciliation to show.
with owed as materialized (
  select
    term.account_id, term.cloud_id, term.term_key, term.is_ending,
    term.deleted_at is null as is_living,
    term.gross_in_cents * 0.01 as gross_usd,
    stay.resource_id, stay.life_key, rate.usd_per_hour,
    span.counted_from,
    floor(extract(epoch from term.term_ends_at - span.counted_from) / 3600)::int as hours,
    coalesce(
      least(
        case when stay.sure_until < term.confirmed_until then stay.sure_until end,
        case
          when term.deleted_at is not null
            and coalesce(term.alive_until < term.confirmed_until, true)
            then coalesce(term.alive_until, '-infinity')
        end
      ),
      'infinity'
    ) as sure_until,
    case
      when stay.is_removal_stated
        and (term.deleted_at is null or stay.removed_at <= term.alive_until)
        then greatest(floor(extract(epoch from stay.removed_at - span.counted_from) / 3600), 0)
    end as hours_until_removal,
    term.term_ends_at
  from intermediate.int_openmetal__shown_term as term
  join intermediate.int_openmetal__asset_stay as stay using (account_id, cloud_id)
  cross join lateral (
    select stated.usd_per_hour
    from intermediate.int_openmetal__stated_rate as stated
    where stated.account_id = stay.account_id and stated.resource_id = stay.resource_id
      and stated.cloud_id = stay.cloud_id
      and least(term.term_ends_at, stay.followed_at) > stated.valid_from
      and least(term.term_ends_at, stay.followed_at) <= stated.valid_to
    offset 0 -- a look-up by itself, so that it goes through the index
  ) as rate
  cross join lateral (
    select greatest(stay.created_at, term.activated_at, term.term_starts_at) as counted_from
  ) as span
  where not term.is_announced
    and term.gross_in_cents is not null
    and stay.created_at < term.term_ends_at
    and coalesce(stay.created_at <= term.shown_until, true)
    and coalesce(stay.removed_at > greatest(term.term_starts_at, term.activated_at), true)
),
summed as (
  select
    owed.*,
    sum(usd_per_hour * hours) over term as owed_usd,
    sum(usd_per_hour * least(hours, hours_until_removal)) over term = gross_usd
      as ends_with_removals,
    bool_or(hours_until_removal is not null) over term as has_removals,
    bool_or(is_ending or sure_until < term_ends_at) over term as may_owe_less
  from owed
  window term as (partition by account_id, cloud_id, term_key)
),
hour as (
  select
    summed.*,
    counted_from + number * interval '1 hour' as ends_at,
    counted_from + number * interval '1 hour' > sure_until as is_doubtful,
    (is_living or ends_with_removals) and coalesce(number > hours_until_removal, false)
      as is_after_removal
  from summed
  cross join lateral generate_series(1, hours) as series (number)
  where may_owe_less and owed_usd > gross_usd
),
covered as (
  select
    hour.*,
    sum(usd_per_hour) over (
      partition by account_id, cloud_id, term_key
      order by is_doubtful, is_after_removal, ends_at, resource_id collate "C", life_key collate "C"
      rows unbounded preceding
    ) <= gross_usd as is_covered
  from hour
)
select
  account_id,
  cloud_id,
  resource_id,
  life_key,
  term_key,

  min(ends_at) as kept_until,
  bool_or(has_removals and not is_living and not ends_with_removals) as is_spread
from covered
where not is_covered and (is_doubtful or is_ending)
group by account_id, cloud_id, resource_id, life_key, term_key
