-- One row per pool and version of a server reported under its contract, location and instance type.
-- told_until is null while the list says so; a usage row speaks of its month.
with pool as (
  select distinct account_id, pool_id, contract_id, region_id, sku
  from intermediate.int_flexmetal__pool_term
)
select
  pool.account_id,
  pool.pool_id,
  server.server_id,
  server.version_id,
  case
    when server.is_listed then server.ended_at
    else ((server.slice || '-01')::timestamp + interval '1 month') at time zone 'UTC'
  end as told_until
from pool
join staging.stg_flexmetal__server as server
  on server.account_id = pool.account_id and server.contract_id = pool.contract_id
  and server.region_id = pool.region_id and server.sku = pool.sku
