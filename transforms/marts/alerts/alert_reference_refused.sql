-- One row per kind of reference file that is refused as it is now. `value`: hours since then; the
-- rows that were taken last stay in force.
select kind, files, value
from mart.rpt_reference_file
where state = 'refused'
