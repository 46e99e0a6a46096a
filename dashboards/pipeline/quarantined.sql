-- One row: records that wait in quarantine.
select coalesce(sum(records), 0) as value
from mart.rpt_quarantine
where account_id in (${account:sqlstring}) and stream in (${stream:sqlstring})
