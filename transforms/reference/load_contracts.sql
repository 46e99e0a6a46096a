-- Makes the contracts in force those of the files; returns the providers touched, with the first
-- instant that a changed contract covers.
with wanted as (
  select * from jsonb_to_recordset(:'rows'::jsonb) as row (
    provider text, account text, contract_id text, sku text, region text, capacity integer,
    starts_at timestamptz, ends_at timestamptz, source_file text, source_line integer
  )
),
superseded as (
  update reference.contract as held set superseded_at = :'now'
  where held.superseded_at is null and not exists (
    select from wanted
    where (
      wanted.provider, wanted.account, wanted.contract_id, wanted.sku, wanted.region,
      wanted.capacity, wanted.starts_at, wanted.ends_at
    ) is not distinct from (
      held.provider, held.account_id, held.contract_id, held.sku, held.region, held.capacity,
      held.starts_at, held.ends_at
    )
  )
  returning held.provider, held.starts_at
),
added as (
  insert into reference.contract (
    provider, account_id, contract_id, sku, region, capacity, starts_at, ends_at, source_file,
    source_line, loaded_at
  )
  select
    wanted.provider, wanted.account, wanted.contract_id, wanted.sku, wanted.region,
    wanted.capacity, wanted.starts_at, wanted.ends_at, wanted.source_file, wanted.source_line,
    :'now'
  from wanted
  where not exists (
    select from reference.contract as held
    where held.superseded_at is null and (
      wanted.provider, wanted.account, wanted.contract_id, wanted.sku, wanted.region,
      wanted.capacity, wanted.starts_at, wanted.ends_at
    ) is not distinct from (
      held.provider, held.account_id, held.contract_id, held.sku, held.region, held.capacity,
      held.starts_at, held.ends_at
    )
  )
  returning provider, starts_at
),
touched as (
  select * from superseded
  union all
  select * from added
)
select provider, min(starts_at) as "from" from touched group by provider
