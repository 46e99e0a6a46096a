-- Makes the teams in force those of the file; returns one row per team that changed.
with wanted as (
  select * from jsonb_to_recordset(:'rows'::jsonb) as row (
    team text, cost_centre text, source_file text
  )
),
superseded as (
  update reference.team as held set superseded_at = :'now'
  where held.superseded_at is null and not exists (
    select from wanted
    where wanted.team = held.team and wanted.cost_centre is not distinct from held.cost_centre
  )
  returning held.team
),
added as (
  insert into reference.team (team, cost_centre, source_file, loaded_at)
  select wanted.team, wanted.cost_centre, wanted.source_file, :'now'
  from wanted
  where not exists (
    select from reference.team as held
    where held.superseded_at is null and wanted.team = held.team
      and wanted.cost_centre is not distinct from held.cost_centre
  )
  returning team
)
select team from superseded
union all
select team from added
