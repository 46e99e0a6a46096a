-- One row: the last instant that is computed.
select to_char(clock_at at time zone 'UTC', 'DD Mon HH24:MI') as value
from mart.rpt_clock
