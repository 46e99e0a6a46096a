-- One row: how old the last transform is by the database server's own clock, in hours.
select age_hours as value
from mart.rpt_data_age
