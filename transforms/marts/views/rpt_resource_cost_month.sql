-- One row per resource with cost in the UTC month of the last instant worked out: its cost so far, in
-- the reporting currency. Read it for single resources: of all of them it reads the whole month.
select
  account_id,
  resource_id,
  sum(reporting_cost) as cost,
  sum(uncertainty) as uncertainty
from mart.fct_cost_daily
where cost_date >= (
  select date_trunc('month', clock_at at time zone 'UTC')::date from mart.transform_state
)
group by account_id, resource_id
