-- For a rebuild: every record ever landed counts as newly changed, by its last version.
insert into taken_change (
  account_id, entity, slice, record_key, version_id, kind, previous_seen_to
)
select distinct on (account_id, entity, slice, record_key)
  account_id, entity, slice, record_key, version_id, 'new', null::timestamptz
from landing.version
where not exists (
  select from landing.account
  where account.account_id = version.account_id and account.refused_because is not null
)
order by account_id, entity, slice, record_key, version_id desc
