-- One row: records that wait in quarantine.
select coalesce(sum(records), 0) as value
from mart.rpt_quarantine
where $__filtered(account, stream)
