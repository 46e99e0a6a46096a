-- One row: days until the first running term ends.
select min(days_left) as "First term ends"
from mart.rpt_term
where provider in (${provider:sqlstring}) and account_id in (${account:sqlstring})
