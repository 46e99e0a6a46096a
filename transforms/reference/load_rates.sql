-- Makes the rates in force those of the files; returns the providers touched, with the first
-- instant that a changed row covers.
with wanted as (
  select * from jsonb_to_recordset(:'rows'::jsonb) as row (
    provider text, account text, sku text, region text, contract_id text, unit text,
    unit_price numeric, list_unit_price numeric, currency text, valid_from timestamptz,
    valid_to timestamptz, source_file text, source_line integer
  )
),
superseded as (
  update reference.rate as held set superseded_at = :'now'
  where held.superseded_at is null and not exists (
    select from wanted
    where (
      wanted.provider, wanted.account, wanted.sku, wanted.region, wanted.contract_id, wanted.unit,
      wanted.unit_price, wanted.list_unit_price, wanted.currency, wanted.valid_from,
      wanted.valid_to
    ) is not distinct from (
      held.provider, held.account_id, held.sku, held.region, held.contract_id, held.unit,
      held.unit_price::numeric, held.list_unit_price::numeric, held.currency, held.valid_from,
      held.valid_to
    )
  )
  returning held.provider, held.valid_from
),
added as (
  insert into reference.rate (
    provider, account_id, sku, region, contract_id, unit, unit_price, list_unit_price, currency,
    valid_from, valid_to, source_file, source_line, loaded_at
  )
  select
    wanted.provider, wanted.account, wanted.sku, wanted.region, wanted.contract_id, wanted.unit,
    wanted.unit_price, wanted.list_unit_price, wanted.currency, wanted.valid_from,
    wanted.valid_to, wanted.source_file, wanted.source_line, :'now'
  from wanted
  where not exists (
    select from reference.rate as held
    where held.superseded_at is null and (
      wanted.provider, wanted.account, wanted.sku, wanted.region, wanted.contract_id, wanted.unit,
      wanted.unit_price, wanted.list_unit_price, wanted.currency, wanted.valid_from,
      wanted.valid_to
    ) is not distinct from (
      held.provider, held.account_id, held.sku, held.region, held.contract_id, held.unit,
      held.unit_price::numeric, held.list_unit_price::numeric, held.currency, held.valid_from,
      held.valid_to
    )
  )
  returning provider, valid_from
),
touched as (
  select * from superseded
  union all
  select * from added
)
select provider, min(valid_from) as "from" from touched group by provider
