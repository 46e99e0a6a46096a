-- Makes the allocation rules in force those of the file; returns one row per rule that changed.
with wanted as (
  select * from jsonb_to_recordset(:'rows'::jsonb) as row (
    rule_name text, kind text, place integer, valid_from date, valid_to date, provider text,
    account text, region text, sku text, resource_pattern text, name_pattern text,
    tag_pattern text, sets jsonb, split jsonb, source_file text
  )
),
superseded as (
  update reference.allocation_rule as held set superseded_at = :'now'
  where held.superseded_at is null and not exists (
    select from wanted
    where (
      wanted.rule_name, wanted.kind, wanted.place, wanted.valid_from, wanted.valid_to,
      wanted.provider, wanted.account, wanted.region, wanted.sku, wanted.resource_pattern,
      wanted.name_pattern, wanted.tag_pattern, wanted.sets, wanted.split
    ) is not distinct from (
      held.rule_name, held.kind, held.place, held.valid_from, held.valid_to, held.provider,
      held.account_id, held.region_id, held.sku, held.resource_pattern, held.name_pattern,
      held.tag_pattern, held.sets, held.split
    )
  )
  returning held.rule_name
),
added as (
  insert into reference.allocation_rule (
    rule_name, kind, place, valid_from, valid_to, provider, account_id, region_id, sku,
    resource_pattern, name_pattern, tag_pattern, sets, split, source_file, loaded_at
  )
  select
    wanted.rule_name, wanted.kind, wanted.place, wanted.valid_from, wanted.valid_to,
    wanted.provider, wanted.account, wanted.region, wanted.sku, wanted.resource_pattern,
    wanted.name_pattern, wanted.tag_pattern, wanted.sets, wanted.split, wanted.source_file, :'now'
  from wanted
  where not exists (
    select from reference.allocation_rule as held
    where held.superseded_at is null and (
      wanted.rule_name, wanted.kind, wanted.place, wanted.valid_from, wanted.valid_to,
      wanted.provider, wanted.account, wanted.region, wanted.sku, wanted.resource_pattern,
      wanted.name_pattern, wanted.tag_pattern, wanted.sets, wanted.split
    ) is not distinct from (
      held.rule_name, held.kind, held.place, held.valid_from, held.valid_to, held.provider,
      held.account_id, held.region_id, held.sku, held.resource_pattern, held.name_pattern,
      held.tag_pattern, held.sets, held.split
    )
  )
  returning rule_name
)
select rule_name from superseded
union all
select rule_name from added
