-- A delivery says nothing of the billing periods that it does not hold: their rows stay as they are.
insert into pg_temp.incoming (entity, record_key, content_hash, payload)
select version.entity, version.record_key, version.content_hash, version.payload
from landing.version
where version.account_id = :'account_id' and version.entity = :'row_entity'
  and version.slice = :'slice' and version.ended_at is null
  and left(version.record_key, 10) not in (
    select distinct left(record_key, 10)
    from pg_temp.incoming
    where entity = :'row_entity' and record_key is not null
  )
