-- Every record of the account under its new id counts as newly landed, by its last version.
insert into landing.change (
  account_id, entity, slice, record_key, version_id, kind, previous_seen_to
)
select distinct on (entity, slice, record_key)
  account_id, entity, slice, record_key, version_id, 'new', null::timestamptz
from landing.version
where account_id = :'renamed'
order by entity, slice, record_key, version_id desc
