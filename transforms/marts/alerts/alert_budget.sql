-- One row per running budget, as it was judged last, with the one thing about it that matters most: the
-- amount is spent, the forecast reaches it, or a whole period at the burn of the last 7 days costs a fifth
-- more. `value`: by how much that is above the amount (below zero: under it), in the reporting currency.
-- `reached`: the largest of 50, 80 and 100 percent that is spent. A budget in doubt keeps its row: what is
-- known to be spent is a lower bound, and mart.alert_spend_unknown reports the doubt.
with budget as (
  select
    state.*,
    burn_per_day * (period_end - period_start) as pace_cost
  from mart.rpt_budget_state as state
  where not is_over and amount > 0
),
caused as (
  select
    budget.*,
    case
      when spent_cost >= amount then 'spent'
      when forecast_cost >= amount then 'forecast'
      when pace_cost > amount * 1.2 then 'pace'
      else 'none'
    end as cause
  from budget
)
select
  caused.budget,
  caused.scope as owner,
  caused.period,
  to_char(caused.period_start, 'YYYY-MM-DD') as period_start,
  currency.reporting_currency as currency,
  to_char(caused.amount, 'FM999,999,999,990.00') as budget_amount,
  case
    when spent_cost >= amount then '100 %'
    when spent_cost >= amount * 0.8 then '80 %'
    when spent_cost >= amount * 0.5 then '50 %'
    else 'less than 50 %'
  end as reached,
  caused.cause,
  case caused.cause
    when 'spent' then spent_cost
    when 'pace' then pace_cost
    else coalesce(forecast_cost, spent_cost)
  end - amount as value
from caused
cross join mart.rpt_reporting_currency as currency
