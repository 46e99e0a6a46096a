-- For a rebuild: every record ever landed counts as newly changed, by its last version.
insert into taken_change (
  account_id, entity, slice, record_key, version_id, kind, previous_seen_to
)
select distinct on (account_id, entity, slice, record_key)
  account_id, entity, slice, record_key, version_id, 'new', null::timestamptz
from landing.version
order by account_id, entity, slice, record_key, version_id desc
