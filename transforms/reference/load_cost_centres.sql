-- Makes the cost centres in force those of the file; returns one row per centre that changed.
with wanted as (
  select * from jsonb_to_recordset(:'rows'::jsonb) as row (
    cost_centre text, parent text, name text, source_file text
  )
),
superseded as (
  update reference.cost_centre as held set superseded_at = :'now'
  where held.superseded_at is null and not exists (
    select from wanted
    where wanted.cost_centre = held.cost_centre and wanted.name = held.name
      and wanted.parent is not distinct from held.parent
  )
  returning held.cost_centre
),
added as (
  insert into reference.cost_centre (cost_centre, parent, name, source_file, loaded_at)
  select wanted.cost_centre, wanted.parent, wanted.name, wanted.source_file, :'now'
  from wanted
  where not exists (
    select from reference.cost_centre as held
    where held.superseded_at is null and wanted.cost_centre = held.cost_centre
      and wanted.name = held.name and wanted.parent is not distinct from held.parent
  )
  returning cost_centre
)
select cost_centre from superseded
union all
select cost_centre from added
