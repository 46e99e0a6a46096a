-- Claim: a resource is in one state at a time.
with followed as (
  select
    account_id, resource_id, valid_from, valid_to,
    lead(valid_from) over (partition by account_id, resource_id order by valid_from) as next_from
  from mart.dim_resource
)
select account_id, resource_id, valid_from, valid_to, next_from
from followed
where next_from < coalesce(valid_to, 'infinity')
