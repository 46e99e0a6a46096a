-- One row per cost centre and billing currency of one team, then one per currency for the whole team
-- (is_total).
with cost as (
  select
    cost_centre, billing_currency, grouping(cost_centre) = 1 as is_total,
    sum(billed_cost) as billed_cost,
    sum(shared_cost) as shared_cost,
    sum(unused_commitment_cost) as unused_commitment_cost,
    sum(correction_cost) as correction_cost,
    sum(reporting_cost) as reporting_cost
  from chargeback_team
  where team = :'team'
  group by grouping sets ((cost_centre, billing_currency), (billing_currency))
)
select
  coalesce(cost_centre, '(no cost centre)') as cost_centre,
  billing_currency,
  is_total,
  to_char(round(billed_cost, 2), 'FM999,999,999,999,990.00') as billed_cost,
  to_char(round(shared_cost, 2), 'FM999,999,999,999,990.00') as shared_cost,
  to_char(round(unused_commitment_cost, 2), 'FM999,999,999,999,990.00') as unused_commitment_cost,
  to_char(round(correction_cost, 2), 'FM999,999,999,999,990.00') as correction_cost,
  to_char(round(reporting_cost, 2), 'FM999,999,999,999,990.00') as reporting_cost
from cost
order by is_total, cost.cost_centre collate "C" nulls first, billing_currency collate "C"
