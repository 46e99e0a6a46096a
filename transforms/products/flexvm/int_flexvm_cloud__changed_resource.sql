-- One row per cloud that a batch of changes touches: one that went, from the last look that saw it;
-- any other news (it is rare) from the cloud's start.
select
  life.account_id,
  life.cloud_id as resource_id,
  min(case
    when taken_change.kind = 'gone' then taken_change.previous_seen_to
    else least(life.started_at, taken_change.previous_seen_to)
  end) as from_at
from taken_change
join intermediate.int_flexvm_cloud__life as life
  on life.account_id = taken_change.account_id and life.cloud_id = taken_change.record_key
where taken_change.entity = 'flexvm.cloud'
group by life.account_id, life.cloud_id
