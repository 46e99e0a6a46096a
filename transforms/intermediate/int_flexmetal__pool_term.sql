-- One row per account and contract row: a pool of committed servers and the period in which it has
-- one capacity. A contract without an account holds for every account that lists servers.
select
  account.account_id,
  contract.contract_id || '/' || contract.region || '/' || contract.sku as pool_id,
  contract.contract_id,
  contract.region as region_id,
  contract.sku,
  contract.contract_row_id,
  contract.capacity,
  contract.starts_at,
  contract.ends_at
from reference.contract as contract
cross join lateral (
  select contract.account_id
  where contract.account_id is not null
  union all
  select distinct watermark.account_id
  from landing.watermark
  where contract.account_id is null and watermark.stream = 'flexmetal.servers'
) as account
where contract.provider = 'i3d-flexmetal' and contract.superseded_at is null
