-- One row per team and billing currency of the statement of a month: its own cost, its part of shared
-- costs, and corrections of months that were closed before.
select
  team,
  cost_centre,
  billing_currency,
  sum(cost) filter (where currency <> 'reporting' and not is_share and cost_date >= statement_month)
    as own_cost,
  sum(cost) filter (where currency <> 'reporting' and is_share and cost_date >= statement_month)
    as shared_cost,
  sum(cost) filter (where currency <> 'reporting' and cost_date < statement_month) as corrections,
  sum(cost) filter (where currency <> 'reporting') as stated_cost,
  sum(accrued_cost) filter (where currency <> 'reporting') as accrued_cost,
  sum(cost) filter (where currency = 'reporting') as reporting_cost
from mart.rpt_cost_daily
where statement_month = mart.month_named(${statement:sqlstring})
  and basis = 'billed'
  and team in (${team:sqlstring})
group by team, cost_centre, billing_currency
order by team, billing_currency
