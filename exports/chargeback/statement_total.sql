-- One row per team: where its lines are, and its exact total in the reporting currency.
select
  team,
  min(line)::text as first_line,
  max(line)::text as last_line,
  count(*)::integer as lines,
  trim_scale(coalesce(sum(reporting_cost), 0)) as reporting_cost,
  coalesce(sum(uncertainty), 0) <> 0 as is_uncertain
from chargeback_line
group by team
order by team collate "C"
