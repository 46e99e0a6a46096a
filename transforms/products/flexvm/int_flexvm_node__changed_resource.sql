-- One row per host that a batch of changes touches: a node that went, from the last look that saw
-- it; any other news of a node or its cloud (they are rare) from the node's start.
select account_id, resource_id, min(from_at) as from_at
from (
  select
    told.account_id,
    told.node_id as resource_id,
    case
      when taken_change.kind = 'gone' then taken_change.previous_seen_to
      else least(life.started_at, told.seen_from)
    end as from_at
  from taken_change
  join staging.stg_flexvm__node as told on told.version_id = taken_change.version_id
  join intermediate.int_flexvm_node__life as life
    on life.account_id = told.account_id and life.node_id = told.node_id
  where taken_change.entity = 'flexvm.node'
  union all
  select life.account_id, life.node_id, life.started_at
  from taken_change
  join intermediate.int_flexvm_node__life as life
    on life.account_id = taken_change.account_id and life.cloud_id = taken_change.record_key
  where taken_change.entity = 'flexvm.cloud' and life.started_at is not null
) as touched
group by account_id, resource_id
