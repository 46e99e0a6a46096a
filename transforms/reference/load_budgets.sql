-- Makes the budgets in force those of the file; returns one row per budget that changed.
with wanted as (
  select * from jsonb_to_recordset(:'rows'::jsonb) as row (
    budget text, scope jsonb, period text, amount numeric, growth_percent numeric,
    actual_thresholds numeric[], forecast_thresholds numeric[], channels text[],
    valid_from date, valid_to date, source_file text
  )
),
superseded as (
  update reference.budget as held set superseded_at = :'now'
  where held.superseded_at is null and not exists (
    select from wanted
    where (
      wanted.budget, wanted.scope, wanted.period, wanted.amount, wanted.growth_percent,
      wanted.actual_thresholds, wanted.forecast_thresholds, wanted.channels, wanted.valid_from,
      wanted.valid_to
    ) is not distinct from (
      held.budget, held.scope, held.period, held.amount, held.growth_percent,
      held.actual_thresholds, held.forecast_thresholds, held.channels, held.valid_from,
      held.valid_to
    )
  )
  returning held.budget, held.budget_row_id
),
added as (
  insert into reference.budget (
    budget, scope, period, amount, growth_percent, actual_thresholds, forecast_thresholds,
    channels, valid_from, valid_to, source_file, loaded_at
  )
  select
    wanted.budget, wanted.scope, wanted.period, wanted.amount, wanted.growth_percent,
    wanted.actual_thresholds, wanted.forecast_thresholds, wanted.channels, wanted.valid_from,
    wanted.valid_to, wanted.source_file, :'now'
  from wanted
  where not exists (
    select from reference.budget as held
    where held.superseded_at is null and (
      wanted.budget, wanted.scope, wanted.period, wanted.amount, wanted.growth_percent,
      wanted.actual_thresholds, wanted.forecast_thresholds, wanted.channels, wanted.valid_from,
      wanted.valid_to
    ) is not distinct from (
      held.budget, held.scope, held.period, held.amount, held.growth_percent,
      held.actual_thresholds, held.forecast_thresholds, held.channels, held.valid_from,
      held.valid_to
    )
  )
  returning budget
)
select budget from superseded
union all
select budget from added
