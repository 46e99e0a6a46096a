-- One row: what the UTC days of the range cost, and a day of them on average.
select sum(cost) as "Total", sum(cost) / nullif(count(distinct cost_date), 0) as "Per day"
from mart.rpt_cost_daily
where $__timeFilter(cost_date)
  and $__filtered(basis, currency, provider, account, team)
