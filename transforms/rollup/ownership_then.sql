-- How the resources of the touched facts were described and allocated before this run.
create temporary table ownership_then on commit drop as
select * from ownership_before
union all
select ownership.*
from mart.resource_ownership as ownership
where (ownership.account_id, ownership.resource_id) in (select account_id, resource_id from touched_fact)
  and (ownership.account_id, ownership.resource_id) not in (
    select account_id, resource_id from changed_resource
  )
