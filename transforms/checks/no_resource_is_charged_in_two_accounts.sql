-- Claim: no charge stands in two accounts: the same key names the same resource, meter and time.
-- A successor's charge beside its predecessor's is the rest of it.
with known_resource as (
  select distinct provider, resource_id, account_id from mart.dim_resource
),
twin as (
  select one.resource_id, one.account_id, other.account_id as other_account_id
  from known_resource as one
  join known_resource as other
    on other.provider = one.provider and other.resource_id = one.resource_id
    and other.account_id > one.account_id collate "C"
  where not exists (
    select from landing.account_succession as succession
    where (succession.account_id, succession.predecessor_id)
      in ((one.account_id, other.account_id), (other.account_id, one.account_id))
  )
)
select
  one.charge_key, twin.account_id, twin.other_account_id,
  trim_scale(one.billed_cost) as billed_cost, trim_scale(other.billed_cost) as other_billed_cost
from twin
join intermediate.known_charge as one
  on one.account_id = twin.account_id and one.resource_id = twin.resource_id
join intermediate.known_charge as other
  on other.account_id = twin.other_account_id and other.resource_id = twin.resource_id
  and other.charge_key = one.charge_key
where one.billed_cost <> 0 and other.billed_cost <> 0
