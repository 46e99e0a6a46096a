-- Long: one row per interval and provider with corrections: by how much they changed the cost.
select
  $__timeGroupAlias(recorded_at, $__interval),
  provider as metric,
  sum(reporting_difference) as value
from mart.rpt_correction
where $__timeFilter(recorded_at)
  and $__filtered(provider, account)
group by 1, 2
order by 1, 2
