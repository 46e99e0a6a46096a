-- One row: days until the first running term ends.
select min(days_left) as "First term ends"
from mart.rpt_term
where $__filtered(provider, account)
