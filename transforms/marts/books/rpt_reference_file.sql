-- One row per kind of reference file that was taken at least once: whether what its files say now is
-- in force, since when that is so, and why not. `value`: hours since it is refused, 0 while it is in
-- force. A refused kind keeps the rows that were taken at `taken_at`.
select
  file.kind,
  array_to_string(file.files, ', ') as files,
  case when file.refused_at is null then 'in force' else 'refused' end as state,
  coalesce(file.refused_at, file.taken_at) as since,
  file.taken_at,
  array_to_string(file.defects, '; ') as reason,
  cardinality(file.defects) as defects,
  case
    when file.refused_at is null then 0
    else round(extract(epoch from clock.clock_at - file.refused_at) / 3600, 2)
  end as value
from reference.file_state as file
cross join mart.rpt_clock as clock
