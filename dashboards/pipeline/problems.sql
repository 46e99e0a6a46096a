-- One row per account, stream, outcome and error: sweeps of the range that were not completed.
select
  account_id, stream, outcome, error, count(*) as sweeps, max(started_at) as last_at
from mart.rpt_sweep_problem
where $__timeFilter(started_at)
  and $__filtered(account, stream)
group by account_id, stream, outcome, error
order by outcome = 'failed' desc, sweeps desc
limit 50
