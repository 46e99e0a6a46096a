-- Makes the billing bases in force those of the files; returns the providers touched, with the
-- first month that a changed row covers.
with wanted as (
  select * from jsonb_to_recordset(:'rows'::jsonb) as row (
    provider text, account text, cloud_id text, basis text, valid_from date, valid_to date,
    source_file text, source_line integer
  )
),
superseded as (
  update reference.billing_basis as held set superseded_at = :'now'
  where held.superseded_at is null and not exists (
    select from wanted
    where (
      wanted.provider, wanted.account, wanted.cloud_id, wanted.basis, wanted.valid_from,
      wanted.valid_to
    ) is not distinct from (
      held.provider, held.account_id, held.cloud_id, held.basis, held.valid_from, held.valid_to
    )
  )
  returning held.provider, held.valid_from
),
added as (
  insert into reference.billing_basis (
    provider, account_id, cloud_id, basis, valid_from, valid_to, source_file, source_line,
    loaded_at
  )
  select
    wanted.provider, wanted.account, wanted.cloud_id, wanted.basis, wanted.valid_from,
    wanted.valid_to, wanted.source_file, wanted.source_line, :'now'
  from wanted
  where not exists (
    select from reference.billing_basis as held
    where held.superseded_at is null and (
      wanted.provider, wanted.account, wanted.cloud_id, wanted.basis, wanted.valid_from,
      wanted.valid_to
    ) is not distinct from (
      held.provider, held.account_id, held.cloud_id, held.basis, held.valid_from, held.valid_to
    )
  )
  returning provider, valid_from
),
touched as (
  select * from superseded
  union all
  select * from added
)
select provider, min(valid_from)::timestamp at time zone 'UTC' as "from"
from touched
group by provider
