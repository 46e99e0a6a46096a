-- One row per team: where its lines are, and its total in the reporting currency.
select
  team,
  min(line)::text as first_line,
  max(line)::text as last_line,
  count(*)::integer as lines,
  to_char(round(sum(reporting_cost), 2), 'FM999,999,999,999,990.00') as reporting_cost,
  sum(uncertainty) <> 0 as is_uncertain
from chargeback_line
group by team
order by team collate "C"
