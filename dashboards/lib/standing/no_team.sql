-- One row: the share of the running month's cost that belongs to no team.
select
  coalesce(sum(cost) filter (where team = '(no team)') / nullif(sum(cost), 0), 0) as value
from mart.rpt_cost_daily
where cost_date >= mart.this_month() and cost_date <= mart.today()
  and basis = 'billed' and currency = 'reporting'
