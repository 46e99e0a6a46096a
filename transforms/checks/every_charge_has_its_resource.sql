-- Claim: what is charged is a known resource.
select distinct charge.account_id, charge.resource_id, charge.provider
from intermediate.known_charge as charge
where not exists (
  select from mart.dim_resource as resource
  where resource.account_id = charge.account_id and resource.resource_id = charge.resource_id
)
