-- One row per row of a reference file that was ever in force (loaded_at, superseded_at), by kind of file:
-- what it says, without where it was read from.
with reference_row as (
  select 'rates' as kind, to_jsonb(rate) - 'rate_id' as content, loaded_at, superseded_at
  from reference.rate
  union all
  select 'contracts' as kind, to_jsonb(contract) - 'contract_row_id' as content, loaded_at,
    superseded_at
  from reference.contract
  union all
  select 'exchange_rates' as kind, to_jsonb(exchange_rate) - 'exchange_rate_id' as content,
    loaded_at, superseded_at
  from reference.exchange_rate
  union all
  select 'allocation' as kind, to_jsonb(rule) - 'allocation_rule_id' as content, loaded_at,
    superseded_at
  from reference.allocation_rule as rule
  union all
  select 'allocation' as kind, to_jsonb(member) - 'team_id' as content, loaded_at, superseded_at
  from reference.team as member
  union all
  select 'allocation' as kind, to_jsonb(centre) - 'cost_centre_id' as content, loaded_at,
    superseded_at
  from reference.cost_centre as centre
)
select
  kind,
  content - '{source_file,source_line,loaded_at,superseded_at}'::text[] as content,
  loaded_at,
  superseded_at
from reference_row
