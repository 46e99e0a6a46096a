-- Servers of a pool share its capacity: whatever touches the pool or one of its servers touches the
-- pool and all of its servers that were reported at or after that day. What touches the month in which a
-- pool begins may move its beginning in it. One row per pool or server.
with listing as materialized (
  select * from intermediate.int_flexmetal__pool_listing
),
term as materialized (
  select * from intermediate.int_flexmetal__pool_term
),
touched as (
  select listing.account_id, listing.pool_id, scope.from_date
  from scope
  join listing
    on listing.account_id = scope.account_id and listing.server_id = scope.resource_id
  union all
  select term.account_id, term.pool_id, scope.from_date
  from scope
  join term
    on term.account_id = scope.account_id and term.pool_id = scope.resource_id
),
beginning as (
  select account_id, pool_id, min(starts_at) as begins_at
  from term
  group by account_id, pool_id
),
pool as (
  select
    account_id, pool_id,
    min(
      case when begins_at >= month_start at time zone 'UTC' then month_start::date else from_date end
    ) as from_date
  from touched
  cross join lateral (
    select date_trunc('month', from_date::timestamp) as month_start
  ) as month
  join beginning using (account_id, pool_id)
  group by account_id, pool_id
)
select account_id, pool_id as resource_id, from_date
from pool
union
select pool.account_id, listing.server_id, pool.from_date
from pool
join listing
  on listing.account_id = pool.account_id and listing.pool_id = pool.pool_id
where listing.told_until is null
  or listing.told_until >= pool.from_date::timestamp at time zone 'UTC'
