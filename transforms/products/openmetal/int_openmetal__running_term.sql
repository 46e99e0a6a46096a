-- One row per cloud and billing term that runs at the transform's clock: what its assets cost by
-- whole hours until now and until the term's end, as they are charged (an asset removed before is
-- owed until then), and what the next term costs if what stands now stays. A term that no look has
-- shown yet is stepped to from the last one shown. What a bill says its total is, is `stated_cost`.
with clock as (select clock_at as now from mart.transform_state),
last_shown as (
  select *
  from intermediate.int_openmetal__shown_term
  where next_starts_at is null
),
stepped as (
  select
    last_shown.*,
    clock.now,
    case
      when clock.now < term_ends_at then 0
      else floor(extract(epoch from clock.now - term_ends_at) / extract(epoch from term_length)) + 1
    end as steps
  from last_shown
  cross join clock
),
term as (
  select
    stepped.*,
    case when steps = 0 then term_starts_at else term_ends_at + (steps - 1) * term_length end
      as starts_at,
    term_ends_at + steps * term_length as ends_at
  from stepped
),
running as (
  select *
  from term
  where starts_at <= now and (steps = 0 or starts_at <= renews_until)
),
-- Assets have no index by cloud: all of them once, not once per cloud.
asset as materialized (
  select account_id, cloud_id, resource_id, life_key, usd_per_hour, created_at, removed_at
  from intermediate.int_openmetal__asset_stay
),
asset_term as (
  select
    running.account_id, running.cloud_id, running.now, running.starts_at,
    least(running.ends_at, kept.kept_until - interval '1 microsecond') as ends_at,
    running.term_length, asset.usd_per_hour,
    greatest(asset.created_at, running.activated_at, running.starts_at) as counted_from,
    asset.removed_at is null and running.deleted_at is null as is_standing
  from running
  join asset using (account_id, cloud_id)
  left join intermediate.int_openmetal__kept_asset as kept
    on running.steps = 0
    and kept.account_id = asset.account_id and kept.cloud_id = asset.cloud_id
    and kept.resource_id = asset.resource_id and kept.life_key = asset.life_key
    and kept.term_key = running.term_key
  where asset.created_at < running.ends_at
    and coalesce(asset.removed_at > greatest(running.starts_at, running.activated_at), true)
),
counted as (
  select
    account_id, cloud_id,
    count(*) filter (where is_standing) as assets,
    sum(
      usd_per_hour
        * greatest(floor(extract(epoch from least(now, ends_at) - counted_from) / 3600), 0)
    ) as cost_so_far,
    sum(usd_per_hour * greatest(floor(extract(epoch from ends_at - counted_from) / 3600), 0))
      as gross_cost,
    coalesce(
      sum(usd_per_hour * floor(extract(epoch from term_length) / 3600)) filter (where is_standing),
      0
    ) as next_gross_cost
  from asset_term
  group by account_id, cloud_id
)
select
  running.account_id,
  'openmetal' as provider,
  running.cloud_id as resource_id,
  coalesce(cloud.label, running.cloud_id) as name,
  cloud.region_id,
  location.region_name,

  counted.assets,
  counted.cost_so_far,
  counted.gross_cost,
  discount.amount as discount,
  counted.gross_cost + discount.amount as term_cost,
  case when running.steps = 0 then running.total_in_cents * 0.01 end as stated_cost,
  case
    when running.renews_until >= running.ends_at
      then counted.next_gross_cost + round(discount.share * counted.next_gross_cost, 2)
  end as next_term_cost,
  'USD' as billing_currency,

  running.steps = 0 as is_shown,
  running.starts_at,
  running.ends_at,
  running.ends_at + case when running.renews_until >= running.ends_at then running.term_length end
    as next_ends_at
from running
join counted using (account_id, cloud_id)
join intermediate.int_openmetal__cloud_life as cloud using (account_id, cloud_id)
left join staging.stg_openmetal__location as location
  on location.account_id = running.account_id and location.region_id = cloud.region_id
  and location.ended_at is null
cross join lateral (
  select
    rate.share,
    case
      when running.steps = 0 then (running.net_in_cents - running.gross_in_cents) * 0.01
      else round(rate.share * counted.gross_cost, 2)
    end as amount
  from (
    select coalesce(
      least((running.net_in_cents - running.gross_in_cents) / nullif(running.gross_in_cents, 0), 1),
      0
    ) as share
  ) as rate
) as discount
