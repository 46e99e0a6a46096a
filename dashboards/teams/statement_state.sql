-- One row: whether the chosen month's statement is closed.
select case state when 'open' then 'open, may change' else state end as value
from mart.rpt_statement
where month = mart.month_named(${statement:sqlstring})
