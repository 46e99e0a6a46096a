-- How the resources of the touched facts were described and allocated before this run.
create temporary table span_then on commit drop as
select * from span_before
union all
select span.*
from mart.resource_span as span
where (span.account_id, span.resource_id) in (select account_id, resource_id from touched_fact)
  and (span.account_id, span.resource_id) not in (
    select account_id, resource_id from changed_resource
  )
