-- One row per stretch of days with one owner, newest first.
select from_date, to_date, team, project, environment, cost_centre, rule
from mart.rpt_resource_owner
where resource_id = ${resource:sqlstring} and account_id in (${account:sqlstring})
order by from_date desc nulls last
