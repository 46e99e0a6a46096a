-- One row per asset and shown term: what its counters said at the last look in the term that the
-- ledger could know of, and what the ledger says of that same instant. Counters stop at the
-- removal, as used hours do. Of the day of the look, the hours count that had ended by then.
with term as materialized (
  select
    shown.account_id, shown.cloud_id, shown.term_key, shown.activated_at, shown.term_starts_at,
    least(shown.term_ends_at, shown.shown_until, ledger.clock_at) as looked_until,
    shown.term_ends_at
  from intermediate.int_openmetal__shown_term as shown
  cross join mart.transform_state as ledger
),
asset as materialized (
  select account_id, cloud_id, resource_id, life_key, created_at
  from intermediate.int_openmetal__asset_stay
),
charge as materialized (
  select * from intermediate.int_openmetal__term_charge where charge_category = 'Usage'
),
-- Of an asset that came back, the life that had begun last runs at the look.
look as (
  select distinct on (term.account_id, term.cloud_id, term.term_key, asset.resource_id)
    term.account_id, term.cloud_id, term.term_key, term.term_starts_at, term.term_ends_at,
    asset.resource_id,
    greatest(asset.created_at, term.activated_at, term.term_starts_at) as counted_from,
    usage.version_id, usage.term_hours, usage.term_cost_usd,
    usage.seen_from as looked_at
  from term
  join asset using (account_id, cloud_id)
  cross join lateral (
    select latest.*
    from staging.stg_openmetal__asset_usage as latest
    where latest.account_id = asset.account_id
      and latest.record_key = asset.resource_id
      and latest.slice = term.cloud_id
      and latest.seen_from between term.term_starts_at and term.looked_until
    order by latest.seen_from desc, latest.version_id desc
    limit 1
  ) as usage
  where usage.seen_from < term.term_ends_at
  order by
    term.account_id, term.cloud_id, term.term_key, asset.resource_id,
    asset.created_at <= usage.seen_from desc, asset.created_at desc, asset.life_key
),
charged as (
  select
    look.account_id, look.cloud_id, look.resource_id, look.term_key,
    max(charge.unit_price) as usd_per_hour,
    sum(part.hours) as hours,
    sum(round(part.hours * charge.unit_price, 9)) as cost
  from look
  join charge using (account_id, cloud_id, resource_id, term_key)
  cross join lateral (
    select case
      when charge.charge_period_end <= looked_at then charge.usage_hours
      when charge.charge_period_start >= looked_at then 0
      else least(
        charge.usage_hours,
        floor(extract(epoch from looked_at - counted_from) / 3600)
          - floor(extract(epoch from charge.charge_period_start - counted_from) / 3600)
      )
    end as hours
  ) as part
  group by look.account_id, look.cloud_id, look.resource_id, look.term_key
)
select
  look.account_id,
  look.cloud_id,
  look.resource_id,
  look.version_id,
  look.term_key,
  look.term_starts_at,
  look.term_ends_at,

  charged.hours as our_hours,
  look.term_hours as their_hours,
  charged.cost as our_cost,
  look.term_cost_usd as their_cost,
  charged.usd_per_hour,

  look.looked_at
from look
left join charged using (account_id, cloud_id, resource_id, term_key)
