-- One row per version of a quota answer and pool of committed servers that it lists: the capacity (0
-- is a statement, too) and how many servers the provider counts against it.
select
  account_id,
  contract_id,
  region_id,
  sku,
  version_id,

  sum(quota_servers)::integer as capacity,
  sum(used_servers) > sum(quota_servers) as is_overused,

  seen_from,
  seen_to,
  ended_at
from staging.stg_flexmetal__quota
where is_commitment and contract_id <> ''
group by account_id, contract_id, region_id, sku, version_id, seen_from, seen_to, ended_at
