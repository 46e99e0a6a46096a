-- One row per resource that was charged for the last whole UTC day that is worked out: what a day of
-- it costs now, in the reporting currency.
select
  account_id,
  resource_id,
  cost_date,
  sum(reporting_cost) as cost,
  sum(uncertainty) as uncertainty
from mart.fct_cost_daily
-- Sub-selects, so that the planner knows that they are one value and takes the index by date.
where cost_date = (select (clock_at at time zone 'UTC')::date - 1 from mart.transform_state)
group by account_id, resource_id, cost_date
