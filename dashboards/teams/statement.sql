-- One row per team of the statement of a month, in the reporting currency: its own cost, its part of shared
-- costs, corrections of months that were closed before, and the month before. A running month is compared
-- by as many whole days of the month before.
with month as materialized (
  select
    mart.month_named(${statement:sqlstring}) as month_start,
    (mart.month_named(${statement:sqlstring}) - interval '1 month')::date as month_before
),
stated as (
  select
    team,
    max(cost_centre) as cost_centre,
    sum(cost) filter (where statement_month = month_start and not is_share and cost_date >= month_start)
      as own_cost,
    sum(cost) filter (where statement_month = month_start and is_share and cost_date >= month_start)
      as shared_cost,
    sum(cost) filter (where statement_month = month_start and cost_date < month_start) as corrections,
    sum(cost) filter (where statement_month = month_start) as stated_cost,
    sum(accrued_cost) filter (where statement_month = month_start) as accrued_cost,
    sum(cost) filter (where statement_month = month_before) as month_before_cost,
    sum(cost) filter (
      where statement_month = month_start and cost_date >= month_start and cost_date < mart.today()
    ) as days_cost,
    sum(cost) filter (
      where statement_month = month_before and cost_date >= month_before
        and cost_date < month_before + (mart.today() - month_start)
    ) as days_before_cost
  from mart.rpt_cost_daily
  cross join month
  where statement_month in (month_start, month_before)
    and basis = 'billed' and currency = 'reporting' and team in (${team:sqlstring})
  group by team
)
select
  team, cost_centre, own_cost, shared_cost, corrections, stated_cost, accrued_cost, month_before_cost,
  days_cost - days_before_cost as change,
  days_cost / nullif(days_before_cost, 0) - 1 as change_share
from stated
order by stated_cost desc nulls last, team collate "C"
