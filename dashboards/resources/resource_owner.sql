-- One row per stretch of days with one owner, newest first.
select
  from_date as "From", to_date as "Until", team as "Team", project as "Project",
  environment as "Environment", cost_centre as "Cost centre", rule as "Decided by"
from mart.rpt_resource_owner
where resource_id = ${resource:sqlstring} and account_id in (${account:sqlstring})
order by from_date desc nulls last
