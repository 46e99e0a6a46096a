-- One row per stretch of days with one owner, newest first.
select
  to_char(from_date, 'YYYY-MM-DD') as from_day, to_char(to_date, 'YYYY-MM-DD') as until_day, team,
  project, environment, cost_centre, rule
from mart.rpt_resource_owner
where resource_id = ${resource:sqlstring} and account_id in (${account:sqlstring})
order by rpt_resource_owner.from_date desc nulls last
