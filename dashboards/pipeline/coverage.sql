-- One row per UTC day, account and stream: 0 missing, 1 late, 2 collected.
select
  $__timeGroupAlias(day, 1d),
  stream || ' (' || account_id || ')' as metric,
  min(array_position(array['missing', 'late', 'collected'], coverage) - 1) as value
from mart.rpt_coverage_daily
where $__timeFilter(day)
  and $__filtered(account, stream)
group by 1, 2
order by 1, 2
