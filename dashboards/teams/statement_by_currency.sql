-- One row per team and billing currency of the statement of a month: its own cost, its part of shared
-- costs, and corrections of months that were closed before.
select
  team,
  cost_centre,
  billing_currency,
  sum(cost) filter (where not is_share and cost_date >= statement_month) as own_cost,
  sum(cost) filter (where is_share and cost_date >= statement_month) as shared_cost,
  sum(cost) filter (where cost_date < statement_month) as corrections,
  sum(cost) as stated_cost,
  sum(accrued_cost) as accrued_cost
from mart.rpt_cost_daily
where statement_month = mart.month_named(${statement:sqlstring})
  and basis = 'billed' and currency <> 'reporting'
  and team in (${team:sqlstring})
group by team, cost_centre, billing_currency
order by team collate "C", cost_centre collate "C", billing_currency collate "C"
