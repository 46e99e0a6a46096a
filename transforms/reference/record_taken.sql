-- Records that the files of a kind are valid and in force; one row: whether they say something new.
with former as (
  select fingerprint
  from reference.file_state
  where kind = :'kind'
),
wanted as (
  select
    :'kind'::text as kind,
    array(
      select name from jsonb_array_elements_text(:'files'::jsonb) with ordinality as file (name, place)
      order by place
    ) as files,
    decode(:'fingerprint', 'hex') as fingerprint
),
recorded as (
  insert into reference.file_state as held (kind, files, fingerprint, taken_at)
  select kind, files, fingerprint, :'now'
  from wanted
  on conflict (kind) do update set
    files = excluded.files,
    fingerprint = excluded.fingerprint,
    taken_at = case
      when held.fingerprint is distinct from excluded.fingerprint then excluded.taken_at
      else held.taken_at
    end,
    refused_at = null,
    defects = '{}'
  where held.fingerprint is distinct from excluded.fingerprint
    or held.files <> excluded.files
    or held.refused_at is not null
)
select wanted.fingerprint is distinct from former.fingerprint as is_new
from wanted
left join former on true
