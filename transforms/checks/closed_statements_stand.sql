-- Claim: the facts of a closed month are those of its statement.
with stated as (
  select statement_month, account_id, resource_id, sum(billed_cost) as billed_cost,
    sum(reporting_cost) as reporting_cost
  from ledger.closed_cost
  group by statement_month, account_id, resource_id
),
fact as (
  select statement_month, account_id, resource_id, sum(billed_cost) as billed_cost,
    sum(reporting_cost) as reporting_cost
  from mart.fct_cost_daily
  where statement_month <= (select max(month) from ledger.closed_month)
  group by statement_month, account_id, resource_id
)
select
  account_id, resource_id, statement_month,
  stated.billed_cost as stated_cost, fact.billed_cost as facts_cost
from stated
full join fact using (statement_month, account_id, resource_id)
where (coalesce(stated.billed_cost, 0), coalesce(stated.reporting_cost, 0))
  <> (coalesce(fact.billed_cost, 0), coalesce(fact.reporting_cost, 0))
