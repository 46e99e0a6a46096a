-- One row: how old the last transform is by the database server's own clock, and when it was.
select
  age_hours as "Data age",
  to_char(clock_at at time zone 'UTC', 'FMDD Mon YYYY HH24:MI') as "Data through (UTC)"
from mart.rpt_data_age
