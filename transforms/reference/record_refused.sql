-- Records that the files of kinds have defects, since when, and which; returns the kinds that have
-- been valid before: their rows stay in force.
with refused as (
  select row.kind, array(select jsonb_array_elements_text(row.defects)) as defects
  from jsonb_to_recordset(:'kinds'::jsonb) as row (kind text, defects jsonb)
),
recorded as (
  update reference.file_state as held set
    refused_at = coalesce(held.refused_at, :'now'),
    defects = refused.defects
  from refused
  where refused.kind = held.kind
    and (held.refused_at is null or held.defects <> refused.defects)
)
select held.kind
from reference.file_state as held
join refused on refused.kind = held.kind
