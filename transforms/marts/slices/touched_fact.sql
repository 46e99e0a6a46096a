-- The daily facts whose slices this run can change: those that it adds to or takes from, and those of
-- open months of resources that are described or allocated otherwise than before.
create temporary table touched_fact on commit drop as
with moved as (
  select distinct account_id, resource_id
  from (
    (select * from span_before except select * from span_after)
    union all
    (select * from span_after except select * from span_before)
  ) as changed
)
select account_id, resource_id, meter, cost_date, billing_currency, statement_month
from cost_delta_daily
union
select
  fact.account_id, fact.resource_id, fact.meter, fact.cost_date, fact.billing_currency,
  fact.statement_month
from moved
join mart.fct_cost_daily as fact using (account_id, resource_id)
where fact.statement_month > coalesce(
  (select max(closed_month.month) from ledger.closed_month), '-infinity'
)
