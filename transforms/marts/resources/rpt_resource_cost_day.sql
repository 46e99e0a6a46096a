-- One row per resource that was charged for the last whole UTC day that is worked out: what a day of
-- it costs now, in the reporting currency. Read it for single resources.
select account_id, resource_id, cost_date, sum(reporting_cost) as cost
from mart.fct_cost_daily
where cost_date = (select mart.today() - 1) -- Selected: worked out once, not once per resource.
group by account_id, resource_id, cost_date
