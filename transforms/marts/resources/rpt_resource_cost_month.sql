-- One row per resource with cost in the UTC month of the last instant worked out: its cost so far, in
-- the reporting currency. Read it for single resources.
select account_id, resource_id, sum(reporting_cost) as cost
from mart.fct_cost_daily
where cost_date >= (select mart.this_month()) -- Selected: worked out once, not once per resource.
group by account_id, resource_id
