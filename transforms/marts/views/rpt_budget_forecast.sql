-- One row per budget and period: its cost at the period's end. Fallback until something better is
-- known: what is charged so far and the burn of the last whole days for the time that remains;
-- low and high are the same with the cheapest and the dearest of those days. Null without a burn.
with remaining as (
  select
    spend.*,
    greatest(
      extract(epoch from period_end::timestamp at time zone 'UTC' - judged_at) / 86400, 0
    ) as days_left
  from mart.rpt_budget_spend as spend
)
select
  budget_row_id,
  period_start,
  case when is_over then spent_cost else round(spent_cost + burn_per_day * days_left, 9) end
    as forecast_cost,
  case when is_over then spent_cost else round(spent_cost + burn_low * days_left, 9) end
    as low_cost,
  case when is_over then spent_cost else round(spent_cost + burn_high * days_left, 9) end
    as high_cost,
  case when is_over then 'period is over' else 'burn of 7 days' end as method
from remaining
