-- One row: the share of expected streams that were synced in time.
select avg(case when state = 'fresh' then 1 else 0 end) as value
from mart.rpt_stream
where $__filtered(account, stream)
