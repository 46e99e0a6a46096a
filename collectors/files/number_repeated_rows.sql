-- Rows that name the same charge are told apart by a number. Those that landing holds with the same content
-- keep theirs; the others take the free numbers in the order of their content, so that neither the order of
-- the file nor a change of one of them touches the rest.
with repeated as (
  select record_key, left(record_key, -2) as base, count(*) as rows
  from pg_temp.incoming
  where entity = :'row_entity' and reason is null
  group by record_key
  having count(*) > 1
),
row as (
  select
    incoming.ctid as place, repeated.base, incoming.content_hash,
    row_number() over (partition by repeated.base, incoming.content_hash) as copy
  from pg_temp.incoming
  join repeated using (record_key)
  where incoming.entity = :'row_entity' and incoming.reason is null
),
held as (
  select
    repeated.base, number, version.content_hash,
    row_number() over (partition by repeated.base, version.content_hash order by number) as copy
  from repeated
  cross join lateral generate_series(1, repeated.rows) as number
  join landing.version
    on version.account_id = :'account_id' and version.entity = :'row_entity'
    and version.slice = :'slice' and version.record_key = repeated.base || '/' || number
    and version.ended_at is null
),
kept as (
  select row.*, held.number
  from row
  left join held using (base, content_hash, copy)
),
free as (
  select repeated.base, number, row_number() over (partition by repeated.base order by number) as turn
  from repeated
  cross join lateral generate_series(1, repeated.rows) as number
  where not exists (
    select from kept where kept.base = repeated.base and kept.number = number
  )
),
waiting as (
  select place, base,
    row_number() over (partition by base order by content_hash, copy) as turn
  from kept
  where number is null
),
numbered as (
  select place, base, number from kept where number is not null
  union all
  select place, base, free.number from waiting join free using (base, turn)
)
update pg_temp.incoming set record_key = numbered.base || '/' || numbered.number
from numbered
where incoming.ctid = numbered.place and numbered.number <> 1
