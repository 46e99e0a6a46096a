-- One row per delivered file and fault that was tolerated in it: columns that the standard demands and that
-- are missing, columns that it does not know, and values that are written otherwise.
select
  file.account_id,
  file.slice as delivery,
  file.path as file,
  fault.fault,
  fault.rows,
  fault.first_line
from staging.stg_focus__file as file
cross join lateral (
  select
    tolerated.key as fault,
    (tolerated.value ->> 'rows')::bigint as rows,
    (tolerated.value ->> 'first_line')::bigint as first_line
  from jsonb_each(coalesce(file.tolerated, '{}')) as tolerated
  union all
  select 'column missing: ' || missing.name, file.rows, null
  from jsonb_array_elements_text(coalesce(file.missing_columns, '[]')) as missing (name)
  union all
  select 'column not of the standard: ' || unknown.name, file.rows, null
  from jsonb_array_elements_text(coalesce(file.unknown_columns, '[]')) as unknown (name)
) as fault
where file.ended_at is null
