-- One row: the running budget that breaks next at the present burn; none when all last.
select budget || ', ' || to_char(breaks_at at time zone 'UTC', 'FMDD Mon HH24:MI') as value
from mart.rpt_budget_state
where not is_over and state <> 'broken' and breaks_at is not null
order by breaks_at
limit 1
