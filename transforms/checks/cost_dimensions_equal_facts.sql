-- Claim: the roll-up that dashboards read adds up to the daily facts, team by team and day by day.
-- A shared cost is split per slice there and per resource here: each part of it can round either way.
with facts as (
  select
    statement_month, cost_date, account_id, meter, billing_currency, team,
    sum(billed_cost) as billed_cost,
    sum(reporting_cost) as reporting_cost,
    sum(usage_hours) as usage_hours,
    count(*) filter (where is_share) as parts
  from mart.rpt_cost_owned_daily
  group by statement_month, cost_date, account_id, meter, billing_currency, team
),
slices as (
  select
    statement_month, cost_date, account_id, meter, billing_currency, team,
    sum(billed_cost) as billed_cost,
    sum(reporting_cost) as reporting_cost,
    sum(usage_hours) as usage_hours,
    count(*) filter (where is_share) as parts
  from mart.cost_part_daily
  group by statement_month, cost_date, account_id, meter, billing_currency, team
)
select
  account_id, cost_date, statement_month, meter, billing_currency, team,
  facts.billed_cost as facts_cost, slices.billed_cost as slices_cost,
  facts.usage_hours as facts_hours, slices.usage_hours as slices_hours
from facts
full join slices
  using (statement_month, cost_date, account_id, meter, billing_currency, team)
where greatest(
  abs(coalesce(facts.billed_cost, 0) - coalesce(slices.billed_cost, 0)),
  abs(coalesce(facts.reporting_cost, 0) - coalesce(slices.reporting_cost, 0)),
  abs(coalesce(facts.usage_hours, 0) - coalesce(slices.usage_hours, 0))
) > 0.000000001 * (coalesce(facts.parts, 0) + coalesce(slices.parts, 0))
